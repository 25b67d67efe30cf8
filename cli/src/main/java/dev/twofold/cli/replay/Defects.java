package dev.twofold.cli.replay;

import dev.twofold.core.AllocatorStats;
import java.util.ArrayList;
import java.util.List;

/** What a replay found wrong with the allocator: no recording should bring any of it about. */
final class Defects {

  private final List<String> sentences = new ArrayList<>();
  private long damagedPages;
  private long refusedFrees;
  private String firstRefusal = "";

  /** Counts pages whose stamp was overwritten while their block was live. */
  void addDamagedPages(long pages) {
    damagedPages += pages;
  }

  /** Counts a live block that the allocator would not take back. */
  void addRefusedFree(IllegalArgumentException refusal) {
    if (refusedFrees++ == 0) {
      firstRefusal = String.valueOf(refusal.getMessage());
    }
  }

  /** Adds what another thread found. */
  void add(Defects other) {
    sentences.addAll(other.sentences);
    damagedPages += other.damagedPages;
    if (refusedFrees == 0) {
      firstRefusal = other.firstRefusal;
    }
    refusedFrees += other.refusedFrees;
  }

  /** Checks that the allocator counts the same pages as allocated as the replay does. */
  void expectLivePages(long livePages, AllocatorStats stats) {
    if (stats.pagesAllocated() != livePages) {
      sentences.add(
          "After the last event the allocator counts %d pages as allocated, but %d are live."
              .formatted(stats.pagesAllocated(), livePages));
    }
  }

  /** Takes over what an end check found; returns whether that was nothing. */
  boolean expectNone(List<String> found) {
    sentences.addAll(found);
    return found.isEmpty();
  }

  /** A sentence for each kind of defect. */
  List<String> sentences() {
    List<String> all = new ArrayList<>(sentences);
    if (damagedPages > 0) {
      all.add("%d pages were overwritten while they were live.".formatted(damagedPages));
    }
    if (refusedFrees > 0) {
      all.add(
          "The allocator refused to free %d live blocks, the first as %s."
              .formatted(refusedFrees, firstRefusal));
    }
    return all;
  }
}
