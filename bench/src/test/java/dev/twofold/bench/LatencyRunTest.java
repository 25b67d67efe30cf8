package dev.twofold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twofold.bench.results.Latencies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyRunTest {

  @ParameterizedTest
  @ValueSource(strings = {"twofold", "twofold-confined"})
  void everyOperationIsRecordedAndNoneOfTheWarmUp(String allocator) {
    Latencies latencies = LatencyRun.measure(allocator, 30_001, 20_003);
    assertThat(latencies.allocator()).isEqualTo(allocator);
    assertThat(latencies.operations().getTotalCount()).isEqualTo(20_003);
    assertThat(latencies.clock().getTotalCount()).isEqualTo(20_003);
    assertThat(latencies.operations().getMaxValue()).isPositive();
  }
}
