// LLFree's bulk, rand and repeat on its implementation in C, as docs/workloads.md defines them, for
// comparison with ./twofold bench. Built and called by bench/llfree; writes, in the form of
// ./twofold bench --json, what bench/plot needs.
//
// Arguments, all of them, which bench/llfree has looked at:
// WORKLOAD ORDER THREADS REPETITIONS FRAMES REVISION COMPILER

#define _GNU_SOURCE
#include "llfree.h"
#include "llfree_inner.h"
#include "llfree_platform.h"
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BULK, RAND, REPEAT, WORKLOADS };
enum { MOST_THREADS = 256, MOST_REPETITIONS = 1000, WARM_UPS = 2, PAGE = 4096, INCREMENTS = 2000000 };

static const char *const names[WORKLOADS] = { "bulk", "rand", "repeat" };

static llfree_t allocator;
static int workload;
static int order;
static int threads;
static int processors[MOST_THREADS];
static size_t each; // blocks of a thread
static uint64_t *blocks; // of all threads
static uint64_t random_state = 1965;
static pthread_barrier_t meeting;
static _Atomic long awake;

// What each thread tells of a repetition, far from what the others tell.
static struct times {
	double get;
	double put;
	double pair;
	char room[128 - 3 * sizeof(double)];
} times[MOST_THREADS];

static void fail(const char *what)
{
	fprintf(stderr, "llfree: %s\n", what);
	exit(2);
}

static double nanos(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

// Waits until all threads are here, and then awake: a phase may be shorter than it takes to wake one.
static void line_up(long *phase)
{
	pthread_barrier_wait(&meeting);
	atomic_fetch_add(&awake, 1);
	for (long all = ++*phase * threads; atomic_load(&awake) < all;)
		;
}

static uint64_t get(llfree_request_t request)
{
	llfree_result_t result = llfree_get(&allocator, frame_id_none(), request);
	if (!llfree_is_ok(result))
		fail("LLFree has no block left in the middle of the workload.");
	return result.frame.value;
}

static void put(uint64_t frame, llfree_request_t request)
{
	if (!llfree_is_ok(llfree_put(&allocator, frame_id(frame), request)))
		fail("LLFree refuses a block that it handed out.");
}

static void shuffle(void)
{
	for (size_t last = each * threads - 1; last > 0; last--) {
		size_t other = next_random() % (last + 1);
		uint64_t block = blocks[other];
		blocks[other] = blocks[last];
		blocks[last] = block;
	}
}

static void repeat(uint64_t *mine, llfree_request_t request, struct times *told, long *phase)
{
	long pairs = (long)each << order;
	for (size_t i = 0; i < each; i++)
		mine[i] = get(request);
	line_up(phase);
	double start = nanos();
	for (long i = 0; i < pairs; i++)
		put(get(request), request);
	told->pair = (nanos() - start) / pairs;
	line_up(phase);
	for (size_t i = 0; i < each; i++)
		put(mine[i], request);
}

static void fill_and_free(int thread, uint64_t *mine, llfree_request_t request, struct times *told,
			  long *phase)
{
	double gets = 0;
	double puts = 0;
	for (int round = 0; round < 1 << order; round++) {
		line_up(phase);
		double start = nanos();
		for (size_t i = 0; i < each; i++)
			mine[i] = get(request);
		gets += nanos() - start;
		line_up(phase);
		if (workload == RAND && thread == 0)
			shuffle();
		line_up(phase);
		start = nanos();
		if (workload == RAND) {
			for (size_t i = 0; i < each; i++)
				put(mine[i], request);
		} else {
			for (size_t i = each; i-- > 0;)
				put(mine[i], request);
		}
		puts += nanos() - start;
	}
	told->get = gets / ((double)each * (1 << order));
	told->put = puts / ((double)each * (1 << order));
}

static void *run(void *number)
{
	int thread = (int)(intptr_t)number;
	long phase = 0;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(processors[thread], &set);
	if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set) != 0)
		fail("the system does not let a thread have a processor for itself.");
	uint64_t *mine = blocks + thread * each;
	llfree_request_t request = llfree_simple_request(threads, (uint8_t)order, thread);
	if (workload == REPEAT)
		repeat(mine, request, &times[thread], &phase);
	else
		fill_and_free(thread, mine, request, &times[thread], &phase);
	return NULL;
}

static void *zeroed(size_t size)
{
	size_t whole = (size + PAGE - 1) / PAGE * PAGE;
	void *memory = aligned_alloc(PAGE, whole);
	if (memory == NULL)
		fail("the system has no memory left for the workload: give less --memory.");
	return memset(memory, 0, whole);
}

static size_t open_allocator(size_t frames)
{
	llfree_classing_t classing = llfree_classing_simple(threads);
	llfree_meta_size_t size = llfree_metadata_size(&classing, frames);
	llfree_meta_t meta = { .local = zeroed(size.local),
			       .trees = zeroed(size.trees),
			       .lower = zeroed(size.lower) };
	if (!llfree_is_ok(llfree_init(&allocator, frames, LLFREE_INIT_FREE, meta, &classing)))
		fail("LLFree can't be made for so much --memory.");
	return size.llfree + size.local + size.trees + size.lower;
}

// One processor for each thread, as the system may let two that wake share one.
static void find_processors(void)
{
	cpu_set_t set;
	int found = 0;
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		fail("the system does not say which processors there are.");
	for (int processor = 0; processor < CPU_SETSIZE && found < threads; processor++)
		if (CPU_ISSET(processor, &set))
			processors[found++] = processor;
	if (found < threads)
		fail("each thread needs a processor, and there are fewer: give fewer --threads.");
}

static double yardstick(void)
{
	static _Atomic long number;
	double start = nanos();
	for (int i = 0; i < INCREMENTS; i++)
		atomic_fetch_add(&number, 1);
	return (nanos() - start) / INCREMENTS;
}

static int in_order(const void *one, const void *other)
{
	double difference = *(const double *)one - *(const double *)other;
	return difference < 0 ? -1 : difference > 0;
}

static double median(const double *values, int count)
{
	double sorted[MOST_REPETITIONS];
	memcpy(sorted, values, count * sizeof(double));
	qsort(sorted, count, sizeof(double), in_order);
	return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static void print_samples(const char *name, const double *values, int count, const char *end)
{
	printf("    \"%s\": [", name);
	for (int i = 0; i < count; i++)
		printf("%s%.17g", i == 0 ? "" : ", ", values[i]);
	printf("]%s\n", end);
}

static void repetition(double *get_nanos, double *put_nanos, double *pair_nanos)
{
	pthread_t running[MOST_THREADS];
	atomic_store(&awake, 0);
	for (int thread = 0; thread < threads; thread++)
		if (pthread_create(&running[thread], NULL, run, (void *)(intptr_t)thread) != 0)
			fail("a thread can't be started.");
	*get_nanos = *put_nanos = *pair_nanos = 0;
	for (int thread = 0; thread < threads; thread++) {
		pthread_join(running[thread], NULL);
		*get_nanos += times[thread].get / threads;
		*put_nanos += times[thread].put / threads;
		*pair_nanos += times[thread].pair / threads;
	}
}

int main(int count, char **arguments)
{
	static double gets[MOST_REPETITIONS], puts[MOST_REPETITIONS], pairs[MOST_REPETITIONS];
	static double yardsticks[MOST_REPETITIONS];
	if (count != 8)
		fail("bench/llfree calls this with seven arguments.");
	while (workload < WORKLOADS && strcmp(arguments[1], names[workload]) != 0)
		workload++;
	order = atoi(arguments[2]);
	threads = atoi(arguments[3]);
	int repetitions = atoi(arguments[4]);
	size_t frames = strtoull(arguments[5], NULL, 10);
	if (workload == WORKLOADS || order < 0 || order > (int)LLFREE_MAX_ORDER || threads < 1 ||
	    threads > MOST_THREADS || repetitions < 1 || repetitions > MOST_REPETITIONS)
		fail("it takes workloads bulk, rand and repeat, --order 0 to 12, --threads 1 to 256 and --rounds 1 to 1000.");
	find_processors();
	pthread_barrier_init(&meeting, NULL, threads);
	each = frames / 2 / threads >> order;
	if (each == 0)
		fail("no thread gets a block: give more --memory, fewer --threads or a smaller --order.");
	blocks = zeroed(each * threads * sizeof(uint64_t));
	size_t metadata = open_allocator(frames);
	for (int i = -WARM_UPS; i < repetitions; i++) {
		int slot = i < 0 ? 0 : i;
		yardsticks[slot] = yardstick();
		repetition(&gets[slot], &puts[slot], &pairs[slot]);
	}
	printf("{\n  \"allocator\": \"llfree\",\n  \"revision\": \"%s\",\n  \"compiler\": \"%s\",\n",
	       arguments[6], arguments[7]);
	printf("  \"workload\": \"%s\",\n  \"order\": %d,\n  \"threads\": %d,\n", names[workload], order,
	       threads);
	printf("  \"virtual\": false,\n  \"confined\": false,\n  \"shattered\": false,\n");
	printf("  \"memoryBytes\": %zu,\n  \"metadataBytes\": %zu,\n", frames * PAGE, metadata);
	if (workload == REPEAT)
		printf("  \"pairNanos\": %.17g,\n", median(pairs, repetitions));
	else
		printf("  \"getNanos\": %.17g,\n  \"putNanos\": %.17g,\n", median(gets, repetitions),
		       median(puts, repetitions));
	printf("  \"yardstickNanos\": %.17g,\n  \"samples\": {\n", median(yardsticks, repetitions));
	if (workload == REPEAT) {
		print_samples("pairNanos", pairs, repetitions, ",");
	} else {
		print_samples("getNanos", gets, repetitions, ",");
		print_samples("putNanos", puts, repetitions, ",");
	}
	print_samples("yardstickNanos", yardsticks, repetitions, "");
	printf("  }\n}\n");
	if (fflush(stdout) != 0 || ferror(stdout))
		fail("the figures can't be written.");
	return 0;
}
