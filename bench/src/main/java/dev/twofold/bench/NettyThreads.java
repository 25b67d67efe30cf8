package dev.twofold.bench;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that run the benchmarks: those of Netty's event loops, for all allocators alike.
 * Netty's allocators reach their thread caches fastest from these. JMH makes it by its name.
 */
public final class NettyThreads extends ThreadPoolExecutor {

  /**
   * Makes the executor that JMH asks for.
   *
   * @param threads the number of threads
   * @param name what their names begin with
   */
  public NettyThreads(int threads, String name) {
    super(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(name, true));
  }
}
