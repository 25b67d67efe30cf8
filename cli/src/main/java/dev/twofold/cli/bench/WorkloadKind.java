package dev.twofold.cli.bench;

/** The workloads there are. */
public enum WorkloadKind {
  /** LLFree's bulk. */
  BULK("bulk", true, Bulk::own),
  /** LLFree's repeat. */
  REPEAT("repeat", true, Pair::repeat),
  /** LLFree's rand. */
  RAND("rand", true, Bulk::dealt),
  /** LLFree's filling. */
  FILLING("filling", true, Filling::new),
  /** LLFree's frag in user mode. */
  FRAG_USER("frag-user", false, Frag::user),
  /** LLFree's frag in kernel mode. */
  FRAG_KERNEL("frag-kernel", false, Frag::kernel),
  /** LLFree's stress. */
  STRESS("stress", false, Stress::new),
  /** NBBS's linux-scalability. */
  LINUX_SCALABILITY("linux-scalability", true, FifoRounds::linuxScalability),
  /** NBBS's threadtest. */
  THREADTEST("threadtest", true, FifoRounds::threadtest),
  /** NBBS's constant occupancy. */
  CONSTANT_OCCUPANCY("constant-occupancy", true, Churn::constantOccupancy),
  /** NBBS's cached. */
  CACHED("cached", true, Pair::cached),
  /** NBBS's larson. */
  LARSON("larson", true, Larson::new),
  /** Allocate and free at once. */
  PAIR("pair", true, Pair::pair),
  /** Replace random blocks of geometric orders 0 to 9. */
  CHURN("churn", true, Churn::churn),
  /** Does memory stay whole under blocks of geometric orders 0 to 6? */
  MIX("mix", false, Mix::new);

  private final String title;
  private final boolean timed;

  @SuppressWarnings("ImmutableEnumChecker") // Constructors and static methods: they hold nothing.
  private final Maker maker;

  WorkloadKind(String title, boolean timed, Maker maker) {
    this.title = title;
    this.timed = timed;
    this.maker = maker;
  }

  /** Prepares a workload. */
  private interface Maker {
    Workload make(BenchSettings settings) throws BenchException;
  }

  /**
   * Returns the workload's name, as users know it.
   *
   * @return a word in small letters, with hyphens
   */
  public String title() {
    return title;
  }

  /** Whether the workload is repeated and timed; otherwise it runs once and takes scores. */
  boolean isTimed() {
    return timed;
  }

  /** Prepares the workload for certain settings. */
  Workload make(BenchSettings settings) throws BenchException {
    return maker.make(settings);
  }
}
