package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.SplittableRandom;

/**
 * NBBS's larson: a thread replaces random blocks of an array by blocks of random sizes, then hands
 * the array to a new thread and ends. So most blocks are freed by another thread than allocated
 * them, and threads come and go.
 */
final class Larson implements Workload {

  private static final int CHUNKS = 1000;
  private static final long ROUNDS_A_CHUNK = 10_000;

  /** Threads that an array goes through in a repetition, one after the other. */
  private static final int LEGS = 2;

  /** Sizes are 1 to 16 times the smallest. */
  private static final int ORDERS_ABOVE = 4;

  private final BenchSettings settings;
  private final Plan plan;
  private final int operations;

  Larson(BenchSettings settings) throws BenchException {
    this.settings = settings;
    settings.requireShared();
    int order = settings.requireOrdersAbove(ORDERS_ABOVE);
    plan = new Plan(CHUNKS, (slot, random) -> draw(order, random), settings.random(0));
    long all = ROUNDS_A_CHUNK * CHUNKS * LEGS * settings.threads().count();
    operations = settings.requireSome(settings.operationsPerThread(all) / LEGS, "a leg");
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    Laps laps = new Laps(settings.threads().count());
    settings
        .threads()
        .run(
            (thread, crew) -> {
              Slots slots = new Slots(allocator, plan, slot -> Plan.order(plan.operation(slot)));
              crew.lineUp();
              run(slots, new Leg(laps, thread, crew, 1));
            });
    long done = (long) operations * LEGS;
    return Outcome.ofPairs(laps, done);
  }

  private record Leg(Laps laps, int thread, Crew crew, int number) {

    Leg next() {
      return new Leg(laps, thread, crew, number + 1);
    }
  }

  private void run(Slots slots, Leg leg) {
    int start = Plan.start(leg.thread()) + leg.number() * operations;
    leg.laps()
        .time(
            leg.thread(),
            () -> {
              if (settings.memory().real()) {
                slots.replaceAndWrite(start, operations);
              } else {
                slots.replace(start, operations);
              }
            });
    if (leg.number() < LEGS) {
      leg.crew().start(() -> run(slots, leg.next()));
    } else {
      slots.free();
    }
  }

  private static int draw(int order, SplittableRandom random) {
    return order + random.nextInt(ORDERS_ABOVE + 1);
  }
}
