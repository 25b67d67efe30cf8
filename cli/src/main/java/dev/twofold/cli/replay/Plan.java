package dev.twofold.cli.replay;

import dev.twofold.cli.progress.Progress;
import dev.twofold.cli.trace.Recording;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Which thread has to do what in a replay: what the events of CPU c bring about is done by thread c
 * modulo the number of threads, in recorded order. Immutable.
 */
public final class Plan {

  /** As many threads as a recording may be divided among. */
  public static final int MOST_THREADS = 1024;

  private static final int EVENTS_PER_STEP = 1 << 12;

  private final Recording recording;
  private final int threads;
  private final List<Lane> lanes;
  private final Lane leftovers;
  private final Traffic traffic;

  private Plan(Recording recording, List<Lane> lanes, Lane leftovers, Traffic traffic) {
    this.recording = recording;
    this.threads = lanes.size();
    this.lanes = lanes.stream().filter(lane -> lane.size() > 0).toList();
    this.leftovers = leftovers;
    this.traffic = traffic;
  }

  /**
   * Plans a replay.
   *
   * @param recording the events
   * @param threads how many threads they are divided among, 1 to {@link #MOST_THREADS}
   * @param progress told of every event
   * @return the plan
   */
  public static Plan of(Recording recording, int threads, Progress progress) {
    List<Lane> lanes = Stream.generate(Lane::new).limit(threads).toList();
    Ledger ledger = new Ledger(blocks(recording), block -> false);
    for (long event = 0; event < recording.events(); event++) {
      ledger.enter(recording.event(event), lanes.get(recording.cpu(event) % threads));
      if ((event + 1) % EVENTS_PER_STEP == 0) {
        progress.advance(EVENTS_PER_STEP);
      }
    }
    progress.advance(recording.events() % EVENTS_PER_STEP);
    Traffic traffic = ledger.traffic();
    Lane leftovers = new Lane();
    ledger.freeLive(leftovers);
    return new Plan(recording, lanes, leftovers, traffic);
  }

  /**
   * Returns how many allocations and frees the threads have to do in all.
   *
   * @return at least 0; final freeing is not counted
   */
  public long operations() {
    return lanes.stream().mapToLong(Lane::size).sum();
  }

  /** Who takes part. */
  ReplayThreads threads() {
    return new ReplayThreads(threads, lanes.size());
  }

  /** What each thread does that has something to do. */
  List<Lane> lanes() {
    return lanes;
  }

  /** The frees of all blocks that are live after the last event. */
  Lane leftovers() {
    return leftovers;
  }

  /** How many blocks the operations are about. */
  int blocks() {
    return blocks(recording);
  }

  /** The counts if every block can be had. */
  Traffic traffic() {
    return traffic;
  }

  /** The counts if those blocks can't be had. */
  Traffic trafficWithout(IntPredicate refused) {
    Ledger ledger = new Ledger(blocks(), refused);
    for (long event = 0; event < recording.events(); event++) {
      ledger.enter(recording.event(event), Operations.ignored());
    }
    return ledger.traffic();
  }

  private static int blocks(Recording recording) {
    return Math.toIntExact(recording.allocations());
  }
}
