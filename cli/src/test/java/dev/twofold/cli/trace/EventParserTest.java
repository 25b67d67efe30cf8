package dev.twofold.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        // perf script, without and with the columns of the process
        "[001]   958.375254: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3 migratetype=0 gfp_flags=GFP_NOWAIT",
        "java  1234 [001]   958.375254: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3 migratetype=0 gfp_flags=0",
        "java  1234/1240 [001]   958.375254: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        "java  1234 [001]   958.375254123: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        "java  1234 [001] 958.375254:     1 kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        "kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3 migratetype=0 gfp_flags=GFP_KERNEL",
        "\t[001]\t958.375254:\tkmem:mm_page_alloc:\tpage=0x10\tpfn=0x10\torder=3\r",
        // names of processes that hold anything
        "Web Content 1234 [001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        "[kworker/0:1-ev] 12 [001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        "mm_page_free: x 1234 [001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        "kmem:mm_page_free: 1234 [001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        "1.5: x: pfn=0x7 1234 [001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        "    # [] 1234 [001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3",
        // the kernel's own trace
        "           <...>-1234  [001] d..2.   958.375254: mm_page_alloc: page=00000000abcdef01 pfn=0x10 order=3 migratetype=0 gfp_flags=GFP_KERNEL",
        "          <idle>-0     [001] ..s1 958375254: mm_page_alloc:        page=0000000012345678 pfn=16 order=3",
        " my task-77 ( 12345) [001] .... 958.375254: mm_page_alloc: page=0000000012345678 pfn=16 order=3",
        // numbers and pointers as different kernels print them, in any order, among others
        "[001] 958.3: kmem:mm_page_alloc: page=(____ptrval____) pfn=16 order=3",
        "[001] 958.3: kmem:mm_page_alloc: order=3 gfp_flags=X pfn=0X10 page=0x10 nid=0",
        "[001] 958.3: kmem:mm_page_alloc: xpfn=0x99 page=0x10 pfn=0x10 reorder=9 order=3",
        "[001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=3 ffffffff9d __alloc_pages+0x1 ([kernel])",
      })
  void readsAllocations(String line) throws MalformedLineException {
    assertThat(parse(line, true)).isEqualTo(PackedEvent.allocation(16, 3));
    assertThat(parse(line, false)).isEqualTo(PackedEvent.allocation(16, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[000]   958.376013:  kmem:mm_page_free: page=0x133600 pfn=0x133600 order=0",
        "mm_page_alloc: x 12 [000] 958.376013:  kmem:mm_page_free: page=0x1 pfn=1259008 order=0",
        " bash-1 [000] d... 958.3: mm_page_free: page=00000000abcdef01 pfn=0x133600 order=0",
      })
  void readsFrees(String line) throws MalformedLineException {
    assertThat(parse(line, true)).isEqualTo(PackedEvent.free(0x133600, 0));
  }

  @Test
  void readsTheLargestFrameAndOrder() throws MalformedLineException {
    long event = parse("[0] 1.0: kmem:mm_page_free: page=1 pfn=0xffffffffc0000 order=18", true);
    assertThat(PackedEvent.isAllocation(event)).isFalse();
    assertThat(PackedEvent.frame(event)).isEqualTo((1L << 52) - (1L << 18));
    assertThat(PackedEvent.order(event)).isEqualTo(18);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page=(nil) pfn=0x0 order=9 migratetype=0 gfp_flags=GFP_KERNEL",
        "page=(null) pfn=0 order=9",
        "page=          (null) pfn=0 order=9",
        "page=0x0 pfn=0x0 order=9",
        "page=0000000000000000 pfn=0 order=9",
        "pfn=0x0 order=9",
      })
  void tellsAllocationsThatFailedFromThoseOfTheFirstFrame(String fields)
      throws MalformedLineException {
    assertThat(parse("[001] 9.3: kmem:mm_page_alloc: " + fields, true))
        .isEqualTo(EventParser.FAILED_ALLOCATION);
    assertThat(parse("[001] 9.3: kmem:mm_page_free: " + fields, true))
        .isEqualTo(PackedEvent.free(0, 9));
    assertThat(parse("[1] 9.3: kmem:mm_page_alloc: page=0xffffea00 pfn=0 order=9", true))
        .isEqualTo(PackedEvent.allocation(0, 9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "# tracer: nop",
        "# kmem:mm_page_alloc: page=0x10",
        "#[001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=0",
        "CPU:1 [LOST 123 EVENTS]",
        "\tffffffff9d2 __alloc_pages_noprof+0x1 ([kernel.kallsyms])",
        "[001] 958.3: kmem:mm_page_alloc_zone_locked: page=0x10 pfn=0x10 order=0 migratetype=1",
        "[001] 958.3: kmem:mm_page_free_batched: page=0x10 pfn=0x10 order=0",
        "[001] 958.3: kmem:mm_page_pcpu_drain: page=0x10 pfn=0x10 order=0 migratetype=1",
        // names of processes and fields of other events that look like damaged events
        "mm_page_free 12 [001] 958.3: kmem:mm_page_pcpu_drain: page=0x10 pfn=0x10 order=0",
        "1: mm_page_free 12 [001] 958.3: kmem:mm_page_pcpu_drain: page=0x10 pfn=0x10 order=0",
        "mm_page_free: 12 [001] kmem:mm_page_pcpu_drain: page=0x10 pfn=0x10 order=0",
        "[001] 958.3: printk:console: kmem:mm_page_free page=0x10 pfn=0x10 order=0",
        "[001] 958.3: printk:console: mem:mm_page_free: page=0x10 pfn=0x10 order=0",
        "[001] 958.3: mm_page_alloc_extfrag: page=0x10 pfn=0x10 alloc_order=0 fallback_order=4",
        "kmem:mm_page_free_batched page=0x10 pfn=0x10 order=0",
        "[001] 958.3: sched:sched_switch: prev_comm=mm_page_free: prev_pid=1",
        "[001] 958.3: sched:sched_switch: prev_comm=a mm_page_free: page=1 prev_pid=1",
        "mm_page_free: x 12 [001] 958.3: sched:sched_switch: prev_comm=a prev_pid=1",
        "java  12 [001] 958.375254:     250000 cpu-clock:pppH:  ffffffff9d2 clear_page ([kernel])",
      })
  void skipsEverythingElse(String line) throws MalformedLineException {
    assertThat(parse(line, true)).isEqualTo(EventParser.SKIPPED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[001] 958.3: kmem:mm_page_alloc:",
        "[001] 958.3: kmem:mm_page_alloc: page=0x10",
        "[001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x1",
        "[001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 ord",
        "[001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=",
        "[001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=0 migratet",
        "[001] 958.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=0 migratetype=0 gfp_flags=",
        "[001] 958.3: kmem:mm_page_free: garbage",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn= order=0",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=0x order=0",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=10ab order=0",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=-1 order=0",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=+1 order=0",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=0x10000000000000 order=0",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=0xffffffffffffffff order=0",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=99999999999999999999 order=0",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=0xfffffffffffff order=1",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=0x10 order=19",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=0x10 order=-1",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=0x10 order=x",
        "[001] 958.3: kmem:mm_page_free: page=0x10 pfn=0x[001] 9.3: kmem:mm_page_free: page=0x1 pfn=0x1 order=0",
        "[001] 958.3: kmem:mm_page_free page=0x10 pfn=0x10 order=0",
        "[001] 958.3: kmem:mm_page_freepage=0x10 pfn=0x10 order=0",
        "[001] 958.3: kmem:mm_page_free:page=0x10 pfn=0x10 order=0",
        "[001] 958.3: kmem:mm_page_free : page=0x10 pfn=0x10 order=0",
        "[001] 958.3: mem:mm_page_free: page=0x10 pfn=0x10 order=0",
        "[001] 958.3: other:mm_page_free: page=0x10 pfn=0x10 order=0",
        "[001] 958.3: kmemmm_page_alloc: page=0x10 pfn=0x10 order=0",
        "[001] 958.3:kmem:mm_page_free: page=0x10 pfn=0x10 order=0",
        "[001] 958.3: 1 x kmem:mm_page_free: page=0x10 pfn=0x10 order=0",
        "kmem:mm_page_alloc page=0x10 pfn=0x10 order=0",
        "java 12 [001] 958.3: mm_page_alloc page=0x10 pfn=0x10 order=0 migratetype=0 gfp_flags=X",
        "mm_page_free 12 [001] 958.3: kmem:mm_page_free page=0x10 pfn=0x10 order=0",
        "[001] 9.3: mm_page_free page=0x1 pfn=0x1 order=0[001] 9.4: mm_page_free: page=0x1 pfn=0x1 order=0",
        "[001]   958.375254: kmem:mm_page_al",
        "[001]   958.375254: kmem:",
        "[001]   958.375254: mm_page_free",
        "[001]   958.375254:",
        "[001]   958.37",
        " bash-12 [001] d..2. 958.37",
        "java 12 [001]",
        "kmem:mm_page_alloc: page=0x10 pfn=0x10",
      })
  void refusesEventsThatAreCutOffOrWrong(String line) {
    assertThatThrownBy(() -> parse(line, true)).isInstanceOf(MalformedLineException.class);
    assertThatThrownBy(() -> parse(line, false)).isInstanceOf(MalformedLineException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "java  12", "[0", "garbage", "mm_page_free: x 12 [0"})
  void refusesALastLineThatEndsBeforeItsEvent(String line) throws MalformedLineException {
    assertThatThrownBy(() -> parse(line, false)).isInstanceOf(MalformedLineException.class);
    assertThat(parse(line, true)).isEqualTo(EventParser.SKIPPED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"# end", "  ", "java 12 [001] 958.3: sched:sched_switch: prev_comm=a prev_pid=1"})
  void skipsALastLineThatIsWhole(String line) throws MalformedLineException {
    assertThat(parse(line, false)).isEqualTo(EventParser.SKIPPED);
  }

  @Test
  void refusesEveryBeginningOfAnEventThatCouldHoldLess() throws MalformedLineException {
    String line =
        "java 12 [001]  1116.141988: kmem:mm_page_alloc: page=0x145c07 pfn=0x145c07 order=0";
    for (int end = 1; end < line.length(); end++) {
      String cut = line.substring(0, end);
      assertThatThrownBy(() -> parse(cut, false))
          .as(cut)
          .isInstanceOf(MalformedLineException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[001] 9.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=1",
        "[001] 9.3: kmem:mm_page_free: page=0x10 pfn=0x10 order=1"
      })
  void refusesALastLineWhoseOrderMayHaveMoreDigits(String line) throws MalformedLineException {
    assertThatThrownBy(() -> parse(line, false)).isInstanceOf(MalformedLineException.class);
    assertThat(PackedEvent.order(parse(line, true))).isEqualTo(1);
    assertThat(PackedEvent.order(parse(line + " migratetype=0", false))).isEqualTo(1);
    assertThat(PackedEvent.order(parse(line + "0", false))).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesAnAllocationWithoutFlagsAmongOthersWithThem(boolean terminated)
      throws MalformedLineException {
    String bare = "[001] 9.3: kmem:mm_page_alloc: page=0x10 pfn=0x10 order=2";
    String whole = bare + " migratetype=0 gfp_flags=GFP_KERNEL";
    String free = "[001] 9.3: kmem:mm_page_free: page=0x10 pfn=0x10 order=2";
    EventParser flagged = new EventParser();
    assertThat(flagged.parse(whole, true)).isEqualTo(PackedEvent.allocation(16, 2));
    assertThat(flagged.parse(free, terminated)).isEqualTo(PackedEvent.free(16, 2));
    assertThatThrownBy(() -> flagged.parse(bare, terminated))
        .isInstanceOf(MalformedLineException.class);
    EventParser byHand = new EventParser();
    assertThat(byHand.parse(bare, true)).isEqualTo(PackedEvent.allocation(16, 2));
    assertThat(byHand.parse(bare, terminated)).isEqualTo(PackedEvent.allocation(16, 2));
    assertThatThrownBy(() -> byHand.parse(whole, terminated))
        .isInstanceOf(MalformedLineException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'[001]   958.375254: kmem:', 1",
    "'java  1234 [012]   958.375254: kmem:', 12",
    "'bash-1 [1234] d..2. 958.3: ', 1234",
    "'\t[007]\t958.375254:\tkmem:', 7",
    "'[65535] 958.3: ', 65535",
    // names of processes that look like a CPU, or hold one
    "'[005] 12 [001] 958.3: kmem:', 1",
    "'[kworker/0:1-ev] 12 [003] 958.3: kmem:', 3",
    "'a[4] 12 [003] [x] [] 958.3: kmem:', 3",
    // none that is told, or that there can be
    "'kmem:', 0",
    "'java 12 958.3: kmem:', 0",
    "'java[5] 12 958.3: kmem:', 0",
    "'[65536] 958.3: kmem:', 0",
    "'[99999999999999999999] 958.3: kmem:', 0"
  })
  void tellsTheCpu(String header, int cpu) throws MalformedLineException {
    EventParser parser = new EventParser();
    parser.parse("[009] 9.3: mm_page_free: page=0x10 pfn=0x10 order=0", true);
    assertThat(parser.cpu()).isEqualTo(9);
    parser.parse(header + "mm_page_free: page=0x10 pfn=0x10 order=0 [008]", true);
    assertThat(parser.cpu()).isEqualTo(cpu);
  }

  private static long parse(String line, boolean terminated) throws MalformedLineException {
    return new EventParser().parse(line, terminated);
  }
}
