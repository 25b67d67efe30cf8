package dev.twofold.cli.replay;

import dev.twofold.core.BuddyAllocator;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** Carries operations out, and stamps and checks the blocks. Each thread has its own. */
final class Player implements Operations {

  private static final int SPINS = 100;
  private static final int YIELDS = 10;
  private static final long SHORTEST_NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(1);
  private static final long LONGEST_NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final TimedAllocator allocator;
  private final Stamps stamps;
  private final Addresses addresses;
  private final IdleStrategy patience =
      new BackoffIdleStrategy(SPINS, YIELDS, SHORTEST_NAP_NANOS, LONGEST_NAP_NANOS);
  private final Defects defects = new Defects();
  private long refusals;

  Player(BuddyAllocator allocator, Stamps stamps, Addresses addresses) {
    this.allocator = new TimedAllocator(allocator);
    this.stamps = stamps;
    this.addresses = addresses;
  }

  @Override
  public void allocate(int block, int order) {
    long address = allocator.allocate(order);
    if (address == BuddyAllocator.NO_PAGES) {
      refusals++;
    } else {
      stamps.stamp(block, address);
    }
    addresses.tell(block, address);
  }

  @Override
  public void free(int block) {
    long address = addresses.await(block, patience);
    if (address == BuddyAllocator.NO_PAGES) {
      return;
    }
    try {
      defects.addDamagedPages(stamps.damagedPages(block, address));
      allocator.free(address);
    } catch (IllegalArgumentException e) {
      defects.addRefusedFree(e);
    }
  }

  /** Takes over what another player counted. */
  void add(Player other) {
    allocator.add(other.allocator);
    defects.add(other.defects);
    refusals += other.refusals;
  }

  /** The allocator with the times of all calls. */
  TimedAllocator allocator() {
    return allocator;
  }

  /** What was found wrong. */
  Defects defects() {
    return defects;
  }

  /** How many blocks were refused. */
  long refusals() {
    return refusals;
  }
}
