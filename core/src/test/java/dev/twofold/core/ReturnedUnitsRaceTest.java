package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A unit is noted while somebody else notes or takes it, at each step: once a call has returned,
 * the unit is found, or was taken after the call began.
 */
class ReturnedUnitsRaceTest {

  private static final int UNIT = 70;

  private final SteppedWords access = new SteppedWords();
  private final long[] words = new long[Tiers.wordCount(Orders.MAX_ORDER)];

  /** The summary's word that the unit's bit is in. */
  private static int summary() {
    return Tiers.RETURNED_WORD + ReturnedUnits.wordOf(UNIT);
  }

  private void add() {
    ReturnedUnits.add(access, words, UNIT, new RunIndex());
  }

  private void take() {
    ReturnedUnits.takeAll(access, words, ReturnedUnits.wordOf(UNIT), -1);
    ReturnedUnits.take(access, words, UNIT);
  }

  private void assertNoted() {
    assertThat(ReturnedUnits.isEmpty(access, words)).as("nothing was freed").isFalse();
  }

  /** The one that comes in between returns, so the unit must be in sight by then. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherFreeDoesNotRelyOnOneThatIsUnderWay(boolean beforeFlag) {
    Runnable other =
        () -> {
          add();
          assertNoted();
        };
    access.beforeSwap(0, beforeFlag ? Tiers.flagsWord(UNIT) : summary(), other);
    add();
    assertThat(access.hasHappened()).isTrue();
    assertNoted();
  }

  /** Whoever takes the unit looks at it after the block was freed; the next free is seen again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aUnitThatIsTakenMeanwhileCanBeNotedAgain(boolean beforeFlag) {
    access.beforeSwap(0, beforeFlag ? Tiers.flagsWord(UNIT) : summary(), this::take);
    add();
    assertThat(access.hasHappened()).isTrue();
    add();
    assertNoted();
  }

  /** A free while the unit is taken is seen by who takes it, or is noted. */
  @Test
  void aFreeBetweenTheStepsOfTakingIsNotForgotten() {
    add();
    access.beforeSwap(0, Tiers.flagsWord(UNIT), this::add);
    take();
    assertThat(access.hasHappened()).isTrue();
    add();
    assertNoted();
  }
}
