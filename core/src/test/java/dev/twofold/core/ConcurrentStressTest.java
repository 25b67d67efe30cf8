package dev.twofold.core;

import static dev.twofold.core.BuddyAllocator.NO_PAGES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that allocate and free at random, also each other's blocks, under an overlap oracle. */
class ConcurrentStressTest {

  private static final int OPERATIONS = 240_000;
  private static final int MAX_HELD = 12;

  /** A block on its way from the thread that allocated it to one that frees it. */
  private record Block(long address, int order, int owner) {}

  private final BuddyAllocator allocator =
      Fixtures.allocator(
          Fixtures.pages(3, 509), Fixtures.pages(512, 256), Fixtures.pages(1000, 24));
  private final OverlapOracle oracle = new OverlapOracle(0, 1024);
  private final Queue<Block> handedOver = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 16})
  void platformThreads(int count) {
    AllocatorStats fresh = allocator.stats();
    Threads.platform(count, thread -> churn(thread, OPERATIONS / count));
    assertAsNew(fresh);
  }

  @Test
  void virtualThreads() {
    AllocatorStats fresh = allocator.stats();
    Threads.virtual(300, thread -> churn(thread, OPERATIONS / 300));
    assertAsNew(fresh);
  }

  private void churn(int thread, int operations) {
    SplittableRandom random = new SplittableRandom(thread);
    List<Block> held = new ArrayList<>();
    for (int operation = 0; operation < operations; operation++) {
      int choice = random.nextInt(100);
      if (choice < 50) {
        allocate(thread + 1, Math.min(random.nextInt(7), random.nextInt(7)), held);
      } else if (choice < 60 && !held.isEmpty()) {
        handedOver.add(held.removeLast());
      } else if (choice < 75) {
        Block block = handedOver.poll();
        if (block != null) {
          free(block);
        }
      } else if (!held.isEmpty()) {
        free(held.remove(random.nextInt(held.size())));
      }
      if (held.size() > MAX_HELD) {
        free(held.removeFirst());
      }
    }
    held.forEach(this::free);
  }

  private void allocate(int owner, int order, List<Block> held) {
    long address = allocator.tryAllocatePages(order);
    if (address != NO_PAGES) {
      oracle.take(address, order, owner);
      held.add(new Block(address, order, owner));
    }
  }

  private void free(Block block) {
    assertThat(allocator.orderAt(block.address())).isEqualTo(block.order());
    oracle.giveBack(block.address(), block.order(), block.owner());
    allocator.freePages(block.address());
  }

  private void assertAsNew(AllocatorStats fresh) {
    allocator.validate();
    handedOver.forEach(this::free);
    allocator.validate();
    AllocatorStats stats = Fixtures.drainedStats(allocator);
    assertThat(stats.freeBlocks()).isEqualTo(fresh.freeBlocks());
    assertThat(stats.allocatedBlocks()).isEqualTo(fresh.allocatedBlocks());
    assertThat(stats.allocations()).isPositive().isEqualTo(stats.frees());
    assertThat(stats.splits()).isEqualTo(stats.merges());
    allocator.close();
  }
}
