package dev.twofold.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** The allocators that can be measured, in the order of the report. */
@SuppressWarnings("ImmutableEnumChecker") // The functions hold no state.
enum Peer implements Labelled {
  TWOFOLD("twofold", TwofoldSource::shared),
  TWOFOLD_CONFINED("twofold-confined", threads -> new PageHeap(TwofoldConfinedSource::new)),
  TWOFOLD_SEGMENT("twofold-segment", TwofoldSegmentSource::shared),
  NETTY_POOLED("netty-pooled", threads -> NettySource.pooled()),
  NETTY_POOLED_TUNED("netty-pooled-tuned", NettySource::tunedPooled),
  NETTY_ADAPTIVE("netty-adaptive", threads -> NettySource.adaptive()),
  NETTY_ADAPTIVE_TUNED("netty-adaptive-tuned", threads -> NettySource.tunedAdaptive()),
  ARROW("arrow", threads -> ArrowSource.shared()),
  ARENA_CONFINED("arena-confined", threads -> new PageHeap(ConfinedArenaSource::new)),
  GLIBC("glibc", GlibcSource::new, CLibrary.GLIBC, "a Linux whose C library is glibc"),
  MIMALLOC(
      "mimalloc",
      MimallocSource::new,
      CLibrary.MIMALLOC,
      "package libmimalloc2.0 (Debian, Ubuntu) or mimalloc (Fedora, Arch, Homebrew)"),
  JEMALLOC(
      "jemalloc",
      JemallocSource::new,
      CLibrary.JEMALLOC,
      "package libjemalloc2 (Debian, Ubuntu) or jemalloc (Fedora, Arch, Homebrew); if it is"
          + " installed, start with GLIBC_TUNABLES=glibc.rtld.optional_static_tls=8192 as"
          + " bench/run does, or preload it");

  private final String label;
  private final IntFunction<PageHeap> opener;
  private final BooleanSupplier available;
  private final String needs;

  Peer(String label, IntFunction<PageHeap> opener) {
    this(label, opener, () -> true, "");
  }

  Peer(String label, IntFunction<PageSource> sources, CLibrary library, String needs) {
    this(label, threads -> new PageHeap(sources), () -> library.heap().isPresent(), needs);
  }

  Peer(String label, IntFunction<PageHeap> opener, BooleanSupplier available, String needs) {
    this.label = label;
    this.opener = opener;
    this.available = available;
    this.needs = needs;
  }

  /**
   * Returns the allocator of that name.
   *
   * @throws IllegalArgumentException naming those there are if there is none
   */
  static Peer named(String label) {
    return Labelled.named(label, values());
  }

  /** Returns the names of all allocators. */
  static List<String> labels() {
    return Labelled.labels(values());
  }

  /** Returns those of {@code peers} that are installed, and prints how to get the others. */
  static List<Peer> available(List<Peer> peers, Predicate<Peer> isInstalled, PrintStream out) {
    List<Peer> missing = peers.stream().filter(isInstalled.negate()).toList();
    missing.forEach(peer -> out.println(peer.howToGetIt()));
    return peers.stream().filter(peer -> !missing.contains(peer)).toList();
  }

  /** Returns the name by which benchmarks ask for this allocator. */
  @Override
  public String label() {
    return label;
  }

  /** Returns whether this machine has it. */
  boolean isAvailable() {
    return available.getAsBoolean();
  }

  /** Returns one sentence on what to install where {@link #isAvailable} says no. */
  String howToGetIt() {
    return "%s is left out, it cannot be loaded here. It needs %s.".formatted(label, needs);
  }

  /**
   * Opens the allocator.
   *
   * @param threads how many threads will draw on it
   */
  PageHeap open(int threads) {
    return opener.apply(threads);
  }
}
