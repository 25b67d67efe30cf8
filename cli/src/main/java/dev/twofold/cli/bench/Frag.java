package dev.twofold.cli.bench;

import dev.twofold.core.BuddyAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * LLFree's frag: fills memory, frees a random half, then replaces a tenth of the blocks in each
 * round. Whether free memory becomes whole again?
 */
final class Frag implements Workload {

  static final int ROUNDS = 100;

  private static final int TENTH = 10;

  /** How blocks are replaced. */
  private enum Mode {
    /** One by one: as a program does whose memory is full at first. */
    USER(100) {
      @Override
      void replace(Share held, int order, SplittableRandom random) {
        held.replace(held.size() / TENTH, order, random);
      }
    },
    /** In batches: as a kernel does. */
    KERNEL(90) {
      @Override
      void replace(Share held, int order, SplittableRandom random) {
        int count = held.size() / TENTH;
        held.draw(count, random);
        Share drawn = held.part(held.size() - count, count);
        drawn.freeFifo();
        drawn.allocate(order);
      }
    };

    /** How full memory is at first. */
    final int percent;

    Mode(int percent) {
      this.percent = percent;
    }

    /** Replaces a tenth of the blocks. */
    abstract void replace(Share held, int order, SplittableRandom random);
  }

  private final BenchSettings settings;
  private final Mode mode;
  private final int blocks;

  private Frag(BenchSettings settings, Mode mode) throws BenchException {
    this.settings = settings;
    this.mode = mode;
    blocks = settings.blocksPerThread(mode.percent);
  }

  static Workload user(BenchSettings settings) throws BenchException {
    return new Frag(settings, Mode.USER);
  }

  static Workload kernel(BenchSettings settings) throws BenchException {
    return new Frag(settings, Mode.KERNEL);
  }

  @Override
  public Outcome run(BuddyAllocator allocator) throws BenchException {
    int order = settings.order();
    int rounds = settings.effort().rounds().orElse(ROUNDS);
    List<Double> scores = new ArrayList<>();
    settings
        .threads()
        .run(
            (thread, crew) -> {
              SplittableRandom random = settings.random(thread);
              Share share = Share.of(allocator, blocks);
              share.allocate(order);
              crew.lineUp();
              share.shuffle(random);
              Share held = share.part(0, blocks / 2);
              share.part(held.size(), blocks - held.size()).freeFifo();
              for (int round = 0; round < rounds; round++) {
                crew.lineUp();
                mode.replace(held, order, random);
                crew.lineUp();
                if (thread == 0) {
                  scores.add(Score.of(allocator.stats()));
                }
              }
              crew.lineUp();
              held.freeFifo();
            });
    return Outcome.scored(scores);
  }
}
