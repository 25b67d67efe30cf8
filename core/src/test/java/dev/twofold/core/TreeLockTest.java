package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done under the lock of a tree, or of a region, waits while another thread holds it. */
@Timeout(60)
class TreeLockTest {

  private static final int UNIT = Tiers.UNIT_ORDER;
  private static final int PAGES = 1 << 14;

  /** What a thread does to a tree of which the first page is allocated, and unit 1 was freed. */
  interface Deed {
    void by(Stage stage, LockedTree tree);
  }

  static Stream<Named<Deed>> deeds() {
    return Stream.of(
        Named.of("allocate", (stage, tree) -> tree.allocate(0, stage.slot(0), true, false)),
        Named.of(
            "allocate large", (stage, tree) -> tree.allocate(UNIT, stage.slot(0), false, false)),
        Named.of("allocate zero", (stage, tree) -> tree.allocateZero(UNIT)),
        Named.of("allocate from unit in use", (stage, tree) -> tree.allocateFromUnitInUse(0)),
        Named.of("allocate run", (stage, tree) -> tree.allocateRun(3, 1)),
        Named.of("allocate run at", (stage, tree) -> stage.region(0).runs().allocateAt(5, 8)),
        Named.of("free run", (stage, tree) -> stage.region(0).runs().freeOnline(0)),
        Named.of("settle", (stage, tree) -> tree.settle()),
        Named.of(
            "settle worthwhile", (stage, tree) -> tree.settleWorthwhile(UnitBins.ANYWHERE, false)),
        Named.of("find idle", (stage, tree) -> tree.findIdle(UNIT, 1, 1)),
        Named.of("leave idle out", (stage, tree) -> tree.leaveOut(new FoundUnits(), 1)),
        Named.of("keep idle", (stage, tree) -> tree.keepIdle(0, 1, 1)),
        Named.of("tally", (stage, tree) -> stage.trees().tally()),
        Named.of("go offline", (stage, tree) -> stage.region(0).takeOffline()),
        Named.of("go for good", (stage, tree) -> stage.trees().close()));
  }

  @ParameterizedTest
  @MethodSource("deeds")
  void waitsForWhoHasTheLock(Deed deed) throws InterruptedException {
    Stage stage = new Stage(1, Fixtures.pages(0, PAGES));
    assertThat(stage.allocate(0, 0)).isEqualTo(0);
    assertThat(stage.free(0, stage.allocate(0, UNIT))).isTrue();
    LockedTree tree = stage.tree(0);
    AtomicBoolean done = new AtomicBoolean();
    long stamp = tree.lock.lock();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  deed.by(stage, tree);
                  done.set(true);
                });
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(thread.isAlive()).as("waits").isTrue();
    tree.lock.unlock(stamp);
    thread.join();
    assertThat(done).isTrue();
  }

  /** Blocks of a region that is offline are counted down by one at a time. */
  @Test
  void aFreeWaitsForWhoTakesTheRegionOffline() throws InterruptedException {
    Stage stage = new Stage(1, Fixtures.pages(0, PAGES));
    assertThat(stage.allocate(0, 0)).isEqualTo(0);
    RegionTrees region = stage.region(0);
    region.takeOffline();
    AtomicBoolean freed = new AtomicBoolean();
    Thread thread = Thread.ofPlatform().unstarted(() -> freed.set(region.free(0)));
    synchronized (region) {
      thread.start();
      while (thread.isAlive() && thread.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      assertThat(thread.isAlive()).as("waits").isTrue();
      assertThat(region.evacuation()).isNotDone();
    }
    thread.join();
    assertThat(freed).isTrue();
    assertThat(region.evacuation()).isDone();
  }
}
