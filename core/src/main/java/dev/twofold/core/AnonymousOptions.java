package dev.twofold.core;

import java.util.Objects;

/**
 * What is asked of anonymous memory besides its size; see {@link Regions#anonymous(long,
 * AnonymousOptions)}. Each option is a {@link Wish}, which says whether the region may do without.
 * {@link #NONE} asks for nothing; the {@code with} methods return a copy that asks for more.
 *
 * @param transparentHugePages whether the system shall be advised to back the memory with huge
 *     pages where it can (Linux, {@code madvise}). Refused where the kernel has none or they are
 *     switched off. Explicit huge pages, if granted, stand for it
 * @param explicitHugePages whether the memory shall be of huge pages of the system's default size,
 *     taken from its pool at once (Linux, {@code MAP_HUGETLB}; the pool is {@code
 *     vm.nr_hugepages}). Whole huge pages are taken. Refused where too few are free
 * @param locked whether the memory shall be committed at once and never be swapped out ({@code
 *     mlock}, Linux and macOS). Refused above the process's limit ({@code ulimit -l}) and above the
 *     memory that is available
 * @param numaBinding whether the memory shall be committed from one NUMA node only (Linux, {@code
 *     mbind}). Refused where there is no such node. A machine with one node has node 0
 * @param numaNode the number of that node, 0 to 1023; {@link #NO_NODE} if {@code numaBinding} is
 *     {@link Wish#NO}
 */
public record AnonymousOptions(
    Wish transparentHugePages,
    Wish explicitHugePages,
    Wish locked,
    Wish numaBinding,
    int numaNode) {

  /** How much an option is wished for. */
  public enum Wish {
    /** Not at all. */
    NO,
    /** If the system refuses, the region does without, and {@code refusals()} tells so. */
    IF_POSSIBLE,
    /** If the system refuses, there is no region. */
    REQUIRED
  }

  /** Where no NUMA node is named. */
  public static final int NO_NODE = -1;

  /** Ordinary memory, committed at the first touch. */
  public static final AnonymousOptions NONE =
      new AnonymousOptions(Wish.NO, Wish.NO, Wish.NO, Wish.NO, NO_NODE);

  /**
   * Checks the options as a whole.
   *
   * @throws IllegalArgumentException if the node is out of range, or if explicit huge pages and a
   *     node are both asked for: an access would crash once the node's share of the pool is used up
   */
  public AnonymousOptions {
    Objects.requireNonNull(transparentHugePages, "transparentHugePages");
    Objects.requireNonNull(explicitHugePages, "explicitHugePages");
    Objects.requireNonNull(locked, "locked");
    Objects.requireNonNull(numaBinding, "numaBinding");
    if (numaBinding == Wish.NO) {
      numaNode = NO_NODE;
    } else if (numaNode < 0 || numaNode > SystemMemory.MAX_NUMA_NODE) {
      throw new IllegalArgumentException(
          "numaNode must be 0 to %d, not %d".formatted(SystemMemory.MAX_NUMA_NODE, numaNode));
    } else if (explicitHugePages != Wish.NO) {
      throw new IllegalArgumentException(
          "explicitHugePages cannot be bound to a NUMA node; use transparentHugePages");
    }
  }

  /**
   * Returns these options with another wish for transparent huge pages.
   *
   * @param wish how much they are wished for
   * @return a copy
   */
  public AnonymousOptions withTransparentHugePages(Wish wish) {
    return new AnonymousOptions(wish, explicitHugePages, locked, numaBinding, numaNode);
  }

  /**
   * Returns these options with another wish for explicit huge pages.
   *
   * @param wish how much they are wished for
   * @return a copy
   * @throws IllegalArgumentException if a NUMA node is asked for as well
   */
  public AnonymousOptions withExplicitHugePages(Wish wish) {
    return new AnonymousOptions(transparentHugePages, wish, locked, numaBinding, numaNode);
  }

  /**
   * Returns these options with another wish for locked memory.
   *
   * @param wish how much it is wished for
   * @return a copy
   */
  public AnonymousOptions withLocked(Wish wish) {
    return new AnonymousOptions(
        transparentHugePages, explicitHugePages, wish, numaBinding, numaNode);
  }

  /**
   * Returns these options with another wish for memory of one NUMA node.
   *
   * @param node the node's number, 0 to 1023; not looked at if {@code wish} is {@link Wish#NO}
   * @param wish how much it is wished for
   * @return a copy
   * @throws IllegalArgumentException if {@code node} is out of range, or if explicit huge pages are
   *     asked for as well
   */
  public AnonymousOptions withNumaNode(int node, Wish wish) {
    return new AnonymousOptions(transparentHugePages, explicitHugePages, locked, wish, node);
  }
}
