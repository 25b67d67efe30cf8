package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.function.IntUnaryOperator;

/**
 * Keeps blocks alive and replaces a random one with each operation: churn, and NBBS's constant
 * occupancy, where a block is replaced by one of its own size.
 */
final class Churn implements Workload {

  /** Live blocks of all threads together. */
  private static final int SLOTS = 8192;

  private static final int LARGEST_ORDER = 9;

  /** So many that what it takes to start and to wake thousands of threads hardly counts. */
  private static final long OPERATIONS = 40_000_000;

  /** One block of 16 times the size, two of 8 times, and so on to 16 of the size itself. */
  private static final int OCCUPANCY_SLOTS = 31;

  private static final int OCCUPANCY_ORDERS = 4;
  private static final long OCCUPANCY_OPERATIONS = 50_000_000;

  private final BenchSettings settings;
  private final Plan plan;
  private final IntUnaryOperator firstOrders;
  private final int operations;

  private Churn(BenchSettings settings, Plan plan, IntUnaryOperator firstOrders, long operations)
      throws BenchException {
    this.settings = settings;
    this.plan = plan;
    this.firstOrders = firstOrders;
    this.operations = settings.operationsPerThread(operations);
  }

  /** The slots and the operations are divided among the threads; each has one at least. */
  static Workload churn(BenchSettings settings) throws BenchException {
    int slots = Math.max(1, SLOTS / settings.threads().count());
    Plan plan =
        new Plan(
            slots, (slot, random) -> Plan.geometric(LARGEST_ORDER, random), settings.random(0));
    return new Churn(settings, plan, slot -> Plan.order(plan.operation(slot)), OPERATIONS);
  }

  /** Each thread holds 31 blocks. */
  static Workload constantOccupancy(BenchSettings settings) throws BenchException {
    int order = settings.requireOrdersAbove(OCCUPANCY_ORDERS);
    IntUnaryOperator orders = slot -> order + occupancyOrder(slot);
    Plan plan =
        new Plan(OCCUPANCY_SLOTS, (slot, random) -> orders.applyAsInt(slot), settings.random(0));
    return new Churn(settings, plan, orders, OCCUPANCY_OPERATIONS);
  }

  /**
   * How many orders the block of a slot is above the smallest: slot 0 is 4 above, 1 and 2 are 3.
   */
  static int occupancyOrder(int slot) {
    return OCCUPANCY_ORDERS - (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(slot + 1));
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    Laps laps = new Laps(settings.threads().count());
    settings
        .threads()
        .run(
            (thread, crew) -> {
              Slots slots = new Slots(allocator, plan, firstOrders);
              crew.lineUp();
              laps.time(thread, () -> slots.replace(Plan.start(thread), operations));
              crew.lineUp();
              slots.free();
            });
    return Outcome.ofPairs(laps, operations);
  }
}
