package dev.twofold.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.core.AllocatorStats;
import dev.twofold.core.MemoryStats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreTest {

  /** Free blocks of the orders 0, 8, 9, 10 and 18. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 0, 0",
    "512, 0, 0, 0, 0, 0",
    "0, 9, 0, 0, 0, 0",
    "0, 0, 1, 0, 0, 100",
    "512, 0, 1, 0, 0, 50",
    "0, 2, 1, 0, 0, 50",
    "1024, 0, 1, 1, 0, 60",
    "0, 0, 0, 0, 3, 100",
    "786432, 0, 0, 0, 1, 25"
  })
  void isTheShareOfFreePagesInHugeBlocks(
      long order0, long order8, long order9, long order10, long order18, double expected) {
    List<Long> free = new ArrayList<>(Collections.nCopies(19, 0L));
    free.set(0, order0);
    free.set(8, order8);
    free.set(9, order9);
    free.set(10, order10);
    free.set(18, order18);
    long pages = order0 + (order8 << 8) + (order9 << 9) + (order10 << 10) + (order18 << 18);
    AllocatorStats stats =
        new AllocatorStats(
            4096,
            pages,
            pages,
            free,
            Collections.nCopies(19, 0L),
            0,
            0,
            0,
            0,
            0,
            new MemoryStats(0, 0, 0, 0, 0, 0));
    assertThat(Score.of(stats)).isEqualTo(expected);
  }
}
