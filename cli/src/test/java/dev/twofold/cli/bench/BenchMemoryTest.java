package dev.twofold.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twofold.core.BuddyAllocator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class BenchMemoryTest {

  @Test
  void aConfinedAllocatorBelongsToTheThreadThatOpensIt() throws BenchException {
    try (BuddyAllocator allocator = new BenchMemory(1 << 20, false, true).open()) {
      assertThat(allocator.allocatePages(0)).isNotNegative();
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(() -> allocateInAnotherThread(allocator))
          .withCauseInstanceOf(WrongThreadException.class);
    }
  }

  @Test
  void anyOtherIsForAllThreads() throws BenchException {
    try (BuddyAllocator allocator = new BenchMemory(1 << 20, false, false).open()) {
      assertThat(allocateInAnotherThread(allocator)).isNotNegative();
    }
  }

  private static long allocateInAnotherThread(BuddyAllocator allocator) {
    return CompletableFuture.supplyAsync(
            () -> allocator.allocatePages(0), Thread::startVirtualThread)
        .join();
  }
}
