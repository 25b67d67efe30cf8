package dev.twofold.cli.replay;

import dev.twofold.cli.check.EndCheck;
import dev.twofold.cli.progress.Progress;
import dev.twofold.core.AllocatorStats;
import dev.twofold.core.BuddyAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * Has an allocator do what another one was recorded doing, as a {@link Plan} says.
 *
 * <p>With several threads the free of a block waits for its allocation. Nothing else is waited for,
 * so an allocation may come before a free that was recorded earlier on another CPU, and be refused
 * for want of that memory.
 *
 * <p>Used once, by one thread.
 */
public final class Replay {

  private final Plan plan;
  private final BuddyAllocator allocator;
  private final Stamps stamps;
  private final Addresses addresses;
  private final Player leader;

  /**
   * Prepares a replay.
   *
   * @param plan who does what
   * @param allocator a new allocator, all of whose pages are free, for any thread
   * @param stamps how to mark its pages
   */
  public Replay(Plan plan, BuddyAllocator allocator, Stamps stamps) {
    this.plan = plan;
    this.allocator = allocator;
    this.stamps = stamps;
    addresses = new Addresses(plan.blocks());
    leader = player();
  }

  /**
   * Replays all events, then frees what is still live and compares the allocator with a new one.
   *
   * @param progress told of every operation of the plan
   * @return what came of it
   * @throws java.util.concurrent.RejectedExecutionException if the system has no thread left; the
   *     message is a sentence
   */
  public ReplayResult run(Progress progress) {
    EndCheck check = new EndCheck(allocator);
    long replayNanos = playLanes(progress.shared());
    Traffic traffic = traffic();
    AllocatorStats end = allocator.stats();
    Residency residency = Residency.ofProcess();
    Defects defects = leader.defects();
    defects.expectLivePages(traffic.livePagesEnd(), end);
    Timing timing = leader.allocator().timing(replayNanos);
    plan.leftovers().play(leader, Progress.silent());
    boolean drained = defects.expectNone(check.run());
    return new ReplayResult(
        plan.threads(), traffic, end, residency, timing, drained, defects.sentences());
  }

  private long playLanes(Progress progress) {
    List<Player> players = new ArrayList<>();
    List<Runnable> parts = new ArrayList<>();
    for (Lane lane : plan.lanes()) {
      Player player = player();
      players.add(player);
      parts.add(() -> lane.play(player, progress));
    }
    long nanos = new LaneThreads(parts, addresses::giveUp).run();
    players.forEach(leader::add);
    return nanos;
  }

  private Traffic traffic() {
    return leader.refusals() == 0 ? plan.traffic() : plan.trafficWithout(addresses::isRefused);
  }

  private Player player() {
    return new Player(allocator, stamps, addresses);
  }
}
