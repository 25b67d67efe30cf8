package dev.twofold.core;

import dev.twofold.core.AnonymousOptions.Wish;
import dev.twofold.core.SystemMemory.RefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Private anonymous memory: through system calls on Linux and macOS, elsewhere through the JDK.
 * {@link Regions#anonymous(long, AnonymousOptions)} makes it; {@link #granted} tells what it got.
 */
public final class AnonymousRegion extends ArenaRegion {

  /** 64 TiB: half of what a process can address on x86-64, as alignment may take twice the size. */
  private static final long MAX_SIZE_BYTES = 1L << 46;

  /** The largest block of 4 KiB pages: more alignment than that would serve none of them. */
  private static final long MAX_ALIGNMENT_BYTES = 1L << 30;

  /** Asks the system for one thing. */
  private interface Request<T> {
    T ask() throws RefusedException;
  }

  private final AnonymousOptions granted;
  private final List<String> refusals;

  private AnonymousRegion(
      Arena arena, MemorySegment memory, AnonymousOptions granted, List<String> refusals) {
    super(arena, memory);
    this.granted = granted;
    this.refusals = List.copyOf(refusals);
  }

  static AnonymousRegion reserve(long sizeBytes, AnonymousOptions options) {
    if (sizeBytes < 1 || sizeBytes > MAX_SIZE_BYTES) {
      throw new IllegalArgumentException(
          "size of anonymous memory must be 1 to %d bytes, not %d"
              .formatted(MAX_SIZE_BYTES, sizeBytes));
    }
    Arena arena = Arena.ofShared();
    try {
      return reserve(sizeBytes, options, arena);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /** Huge pages and the node come first: what is locked is committed at once. */
  private static AnonymousRegion reserve(long sizeBytes, AnonymousOptions options, Arena arena) {
    List<String> refusals = new ArrayList<>();
    AnonymousOptions granted = options;
    Optional<MemorySegment> huge =
        grant(
            "explicitHugePages",
            options.explicitHugePages(),
            () -> mapHuge(sizeBytes, arena),
            refusals);
    MemorySegment memory = huge.orElseGet(() -> map(sizeBytes, arena));
    granted =
        huge.isPresent()
            ? granted.withTransparentHugePages(Wish.NO)
            : granted.withExplicitHugePages(Wish.NO);
    if (grant(
            "transparentHugePages", granted.transparentHugePages(), () -> advise(memory), refusals)
        .isEmpty()) {
      granted = granted.withTransparentHugePages(Wish.NO);
    }
    int node = options.numaNode();
    if (grant("numaNode", options.numaBinding(), () -> bind(memory, node), refusals).isEmpty()) {
      granted = granted.withNumaNode(AnonymousOptions.NO_NODE, Wish.NO);
    }
    if (grant("locked", options.locked(), () -> lock(memory), refusals).isEmpty()) {
      granted = granted.withLocked(Wish.NO);
    }
    return new AnonymousRegion(arena, memory, granted, refusals);
  }

  /** Returns what was asked for; nothing if it is not wished for or refused and dispensable. */
  private static <T> Optional<T> grant(
      String option, Wish wish, Request<T> request, List<String> refusals) {
    if (wish == Wish.NO) {
      return Optional.empty();
    }
    try {
      return Optional.of(request.ask());
    } catch (RefusedException e) {
      if (wish == Wish.REQUIRED) {
        throw new UnsupportedOperationException(
            "%s is refused: %s; or ask for it IF_POSSIBLE".formatted(option, e.reason()));
      }
      refusals.add("%s is refused: %s".formatted(option, e.reason()));
      return Optional.empty();
    }
  }

  private static MemorySegment map(long sizeBytes, Arena arena) {
    if (!SystemMemory.isKnown()) {
      return arena.allocate(sizeBytes, alignmentBytes(sizeBytes));
    }
    try {
      return SystemMemory.map(sizeBytes, alignmentBytes(sizeBytes), arena);
    } catch (RefusedException e) {
      throw new OutOfMemoryError(
          "the system refused to reserve %d bytes of anonymous memory (%s)"
              .formatted(sizeBytes, e.reason()));
    }
  }

  private static MemorySegment mapHuge(long sizeBytes, Arena arena) throws RefusedException {
    long pageBytes =
        LinuxFacts.OF_THIS_SYSTEM
            .hugePageBytes()
            .orElseThrow(() -> new RefusedException("this system has no pool of huge pages"));
    try {
      return SystemMemory.mapHuge(sizeBytes, alignmentBytes(sizeBytes), pageBytes, arena);
    } catch (RefusedException e) {
      throw new RefusedException(
          "%d bytes take %d free huge pages of %d bytes (%s); reserve them with vm.nr_hugepages"
              .formatted(sizeBytes, (sizeBytes - 1) / pageBytes + 1, pageBytes, e.reason()));
    }
  }

  private static MemorySegment advise(MemorySegment memory) throws RefusedException {
    if (LinuxFacts.OF_THIS_SYSTEM.transparentHugePagesAreOff()) {
      throw new RefusedException(
          "/sys/kernel/mm/transparent_hugepage/enabled says never; choose madvise there");
    }
    SystemMemory.adviseHugePages(memory);
    return memory;
  }

  private static MemorySegment bind(MemorySegment memory, int node) throws RefusedException {
    try {
      SystemMemory.bind(memory, node);
    } catch (RefusedException e) {
      throw new RefusedException(
          "memory cannot be bound to node %d (%s); /sys/devices/system/node/online lists the nodes"
              .formatted(node, e.reason()));
    }
    return memory;
  }

  private static MemorySegment lock(MemorySegment memory) throws RefusedException {
    long sizeBytes = memory.byteSize();
    long availableBytes = LinuxFacts.OF_THIS_SYSTEM.availableBytes().orElse(Long.MAX_VALUE);
    if (sizeBytes > availableBytes) {
      throw new RefusedException(
          "%d bytes cannot be locked, %d are available; ask for less"
              .formatted(sizeBytes, availableBytes));
    }
    try {
      SystemMemory.lock(memory);
    } catch (RefusedException e) {
      throw new RefusedException(
          "%d bytes cannot be locked (%s); raise the limit (ulimit -l)"
              .formatted(sizeBytes, e.reason()));
    }
    return memory;
  }

  @Override
  public boolean startsZeroed() {
    return true;
  }

  /** Locked memory was promised to stay; only whole huge pages can go back to their pool. */
  @Override
  void giveBack(long address, long sizeBytes) throws RefusedException {
    if (granted.locked() != Wish.NO) {
      throw new RefusedException("the memory is locked");
    }
    long hugePageBytes =
        granted.explicitHugePages() == Wish.NO
            ? 1
            : LinuxFacts.OF_THIS_SYSTEM.hugePageBytes().orElse(Long.MAX_VALUE);
    if (address % hugePageBytes != 0 || sizeBytes % hugePageBytes != 0) {
      throw new RefusedException("these are not whole huge pages");
    }
    SystemMemory.discard(address, sizeBytes);
  }

  private static long alignmentBytes(long sizeBytes) {
    return Math.min(Long.highestOneBit(sizeBytes), MAX_ALIGNMENT_BYTES);
  }

  /**
   * Returns which of the options hold.
   *
   * @return the options as they were asked for, each that was refused or not needed as {@link
   *     Wish#NO}
   */
  public AnonymousOptions granted() {
    return granted;
  }

  /**
   * Returns what the system refused of the options that were asked for {@link Wish#IF_POSSIBLE}.
   *
   * @return a sentence for each, starting with the option's name; empty if nothing was refused
   */
  public List<String> refusals() {
    return refusals;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("AnonymousRegion[");
    text.append("address=0x%x, sizeBytes=%d".formatted(address(), sizeBytes()));
    if (granted.transparentHugePages() != Wish.NO) {
      text.append(", transparentHugePages");
    }
    if (granted.explicitHugePages() != Wish.NO) {
      text.append(", explicitHugePages");
    }
    if (granted.numaBinding() != Wish.NO) {
      text.append(", numaNode=").append(granted.numaNode());
    }
    if (granted.locked() != Wish.NO) {
      text.append(", locked");
    }
    refusals.forEach(refusal -> text.append(", ").append(refusal));
    return text.append(']').toString();
  }
}
