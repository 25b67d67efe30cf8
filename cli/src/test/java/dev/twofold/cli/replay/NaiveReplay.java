package dev.twofold.cli.replay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The rules of a replay once more, as a list of blocks with a set of frames each. Knows no
 * addresses: it refuses what does not fit into its pages, which is what an allocator does when all
 * requests are of one size.
 */
final class NaiveReplay {

  private record Block(long pages, Set<Long> frames) {}

  private final long pagesTotal;
  private List<Block> live = new ArrayList<>();
  private long allocations;
  private long frees;
  private long unmatchedFrees;
  private long failedAllocations;
  private long peak;

  NaiveReplay(long pagesTotal) {
    this.pagesTotal = pagesTotal;
  }

  void allocate(long frame, int order) {
    allocations++;
    Set<Long> frames = frames(frame, order);
    release(frames);
    if (livePages() + frames.size() > pagesTotal) {
      failedAllocations++;
      return;
    }
    live.add(new Block(frames.size(), frames));
    peak = Math.max(peak, livePages());
  }

  void free(long frame, int order) {
    frees++;
    Set<Long> frames = frames(frame, order);
    if (live.stream().flatMap(block -> block.frames.stream()).noneMatch(frames::contains)) {
      unmatchedFrees++;
    }
    release(frames);
  }

  Traffic traffic() {
    return new Traffic(allocations, frees, unmatchedFrees, failedAllocations, peak, livePages());
  }

  private void release(Set<Long> frames) {
    live.forEach(block -> block.frames.removeAll(frames));
    live =
        live.stream()
            .filter(block -> !block.frames.isEmpty())
            .collect(Collectors.toCollection(ArrayList::new));
  }

  private long livePages() {
    return live.stream().mapToLong(Block::pages).sum();
  }

  private static Set<Long> frames(long frame, int order) {
    return LongStream.range(frame, frame + (1L << order))
        .boxed()
        .collect(Collectors.toCollection(HashSet::new));
  }
}
