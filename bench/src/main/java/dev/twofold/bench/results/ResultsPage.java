package dev.twofold.bench.results;

import java.util.Set;

/** The page that shows the figures of one run; none of them is written by hand. */
final class ResultsPage {

  private final StringBuilder text = new StringBuilder();
  private final RawFolder raw;
  private final Set<String> plots;

  private ResultsPage(RawFolder raw, Set<String> plots) {
    this.raw = raw;
    this.plots = plots;
  }

  /**
   * Writes the page.
   *
   * @param raw the figures
   * @param plots names of the plots there are, which lie in the folder {@code results} beside it
   * @return Markdown
   */
  static String write(RawFolder raw, Set<String> plots) {
    ResultsPage page = new ResultsPage(raw, plots);
    page.head();
    page.churn();
    page.pair();
    page.latency();
    page.workloads();
    page.llfree();
    page.rates();
    page.scores();
    return page.text.toString();
  }

  private void head() {
    Machine machine = raw.machine();
    line("# Results");
    line("");
    line(
        """
        Written by `bench/plot` from the raw figures in [results/raw](results/raw); nothing here is typed by hand. \
        What is measured, and how each allocator is set up, is told in [bench/README.md](../bench/README.md) and \
        [workloads.md](workloads.md). Ratios are to `twofold` in the same run: compare these, not the nanoseconds. \
        Where the error is as large as the mean, the machine was busy.""");
    line("");
    line(
        "%s, %d processors; %s; %s; revision %s; %s."
            .formatted(
                machine.processor(),
                machine.processors(),
                machine.system(),
                machine.java(),
                machine.revision(),
                machine.time()));
    command(machine.command());
  }

  private void churn() {
    heading("Churn: replacing random blocks among 8192");
    line(
        """
        Time per operation in one thread. Threads share an allocator, except that each has its own where the name \
        ends in `-confined`. The error is half of JMH's 99.9 % confidence interval.""");
    command("bench/run churn YardstickBenchmark --threads 1,2,8");
    image("churn-threads", "Time of a churn operation over the number of threads");
    for (int threads : raw.threadCounts()) {
      if (!raw.benchmark(JmhTables.CHURN, threads).isEmpty()) {
        subheading("Churn, " + Numbers.threads(threads));
        image("churn-" + threads, "Time of a churn operation of every allocator, sorted");
        line(JmhTables.churn(raw, threads));
      }
    }
  }

  private void pair() {
    heading("Pair: allocating a block and freeing it at once");
    line("Mean ± error of both together, in ns, and in brackets how many times twofold's that is.");
    command("bench/run pair --threads 1,2,8");
    for (int threads : raw.threadCounts()) {
      if (!raw.benchmark(JmhTables.PAIR, threads).isEmpty()) {
        subheading("Pair, " + Numbers.threads(threads));
        image("pair-" + threads, "Time of a pair of every allocator over the size of the block");
        line(JmhTables.pair(raw, threads));
      }
    }
  }

  private void latency() {
    if (!raw.latencies().isEmpty()) {
      heading("Latency: single operations of the churn");
      line(
          """
          Every operation is recorded, in one thread. The clock's own time is included in all lines; the last one \
          shows it alone. In brackets: times twofold's.""");
      command("bench/run latency");
      image("latency", "Latency of every allocator over the percentile");
      line(LatencyTable.write(raw.latencies()));
    }
  }

  private void workloads() {
    if (WorkloadTables.TIMED.stream().anyMatch(name -> !raw.workload(name).isEmpty())) {
      heading("Workloads of page allocators, Twofold alone");
      line(
          """
          Median, least and most of the repetitions, and the median in yardsticks: uncontended atomic increments \
          measured in the same run. The last column, empty for one thread, has what an increment takes in each of \
          two threads that change the same cache lines. The farther their processors are from each other, the more \
          that is, and the more time goes by wherever threads change the same words in turn.""");
      command("./twofold bench bulk --order 3 --threads 2");
      image("workloads", "Times of Twofold in the workloads over the size of the blocks");
      line(WorkloadTables.times(raw));
    }
  }

  private void llfree() {
    if (!raw.llfree().isEmpty()) {
      heading("The same beside LLFree in C");
      line(
          """
          Medians, each run of [LLFree](https://github.com/luhsra/llfree-c) right after the one of Twofold; `raw` tells \
          of which revision. In rand, two threads free blocks for each other: either allocator then waits for cache \
          lines that the other processor changed.""");
      command("bench/llfree llfree-c rand --order 3 --threads 2");
      line(LlfreeTable.write(raw));
    }
  }

  private void rates() {
    if (!raw.workload(JmhTables.CHURN).isEmpty()) {
      heading("Churn of many threads, Twofold alone");
      line(
          """
          What all threads together do, from the first one's start to the last one's end, and what share that is of \
          what two platform threads do. The last column is the same as above.""");
      command("./twofold bench churn --threads 10000 --virtual");
      line(WorkloadTables.rates(raw));
    }
  }

  private void scores() {
    if (WorkloadTables.SCORED.stream().anyMatch(name -> !raw.workload(name).isEmpty())) {
      heading("Fragmentation, Twofold alone");
      line(
          """
          The share of the free pages that lie in wholly free 2 MiB blocks, in percent: after the first round and \
          after each quarter of them, and mean and least of the second half.""");
      command("./twofold bench frag-user --order 0");
      image("fragmentation", "Share of the free pages in wholly free 2 MiB blocks over time");
      line(WorkloadTables.scores(raw));
    }
  }

  private void heading(String words) {
    line("## " + words);
    line("");
  }

  private void subheading(String words) {
    line("### " + words);
    line("");
  }

  private void command(String command) {
    line("");
    line("```sh");
    line(command);
    line("```");
    line("");
  }

  private void image(String plot, String words) {
    if (plots.contains(plot)) {
      line("![%s](results/%s.png)".formatted(words, plot));
      line("");
    }
  }

  private void line(String words) {
    text.append(words).append('\n');
  }
}
