package dev.twofold.cli.replay;

import dev.twofold.cli.progress.Progress;
import dev.twofold.cli.trace.Recording;
import dev.twofold.cli.trace.RecordingReader;
import dev.twofold.cli.trace.TraceException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Writes recordings event by event. */
final class Script {

  private final StringBuilder text = new StringBuilder();
  private int cpu;

  /** Has what follows recorded on another CPU; it begins with CPU 0. */
  Script on(int other) {
    cpu = other;
    return this;
  }

  Script allocate(long frame, int order) {
    return line("mm_page_alloc", frame, order);
  }

  Script free(long frame, int order) {
    return line("mm_page_free", frame, order);
  }

  /** Writes a random event on one of few frames, which the model takes part in. */
  Script random(Random random, NaiveReplay naive) {
    int order = random.nextInt(random.nextInt(8) + 1);
    long frame = random.nextInt(600);
    if (random.nextBoolean()) {
      naive.allocate(frame, order);
      return allocate(frame, order);
    }
    naive.free(frame, order);
    return free(frame, order);
  }

  Recording recording() {
    ByteArrayInputStream in =
        new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII));
    try {
      return new RecordingReader(in, Progress.silent()).read(List.of("-"));
    } catch (TraceException e) {
      throw new AssertionError(e);
    }
  }

  private Script line(String event, long frame, int order) {
    text.append('[')
        .append(cpu)
        .append("] 1.0: kmem:")
        .append(event)
        .append(": page=0x1 pfn=")
        .append(frame);
    text.append(" order=").append(order).append('\n');
    return this;
  }
}
