package dev.twofold.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrewTest {

  private static final int PHASES = 50;

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "7, false", "1, true", "2, true", "300, true"})
  void nobodyBeginsAPhaseBeforeAllHaveEndedTheLast(int count, boolean virtual)
      throws BenchException {
    AtomicInteger ended = new AtomicInteger();
    AtomicInteger early = new AtomicInteger();
    new BenchThreads(count, virtual)
        .run(
            (thread, crew) -> {
              for (int phase = 0; phase < PHASES; phase++) {
                crew.lineUp();
                if (ended.get() < phase * count) {
                  early.incrementAndGet();
                }
                ended.incrementAndGet();
              }
            });
    assertThat(early).hasValue(0);
    assertThat(ended).hasValue(PHASES * count);
  }

  @Test
  void oneThreadIsTheCallingOne() throws BenchException {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    new BenchThreads(1, false).run((thread, crew) -> threads.add(Thread.currentThread()));
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void waitsForThreadsThatThreadsStart() throws BenchException {
    AtomicInteger ended = new AtomicInteger();
    new BenchThreads(3, false)
        .run((thread, crew) -> crew.start(() -> crew.start(ended::incrementAndGet)));
    assertThat(ended).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "5, false", "5, true"})
  void aFailureEndsAllThreadsAndIsTheOneThatIsTold(int count, boolean virtual) {
    assertThatExceptionOfType(BenchException.class)
        .isThrownBy(
            () ->
                new BenchThreads(count, virtual)
                    .run(
                        (thread, crew) -> {
                          crew.lineUp();
                          if (thread == count - 1) {
                            throw new IllegalStateException("broken");
                          }
                          crew.lineUp();
                          crew.lineUp();
                        }))
        .withMessageContaining("broken")
        .matches(e -> !e.isRefusal());
  }
}
