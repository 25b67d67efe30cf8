package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Races that are written down step by step, so that they end the same way each time: a request
 * finds what was free at every moment of it, however often that changed hands meanwhile.
 */
@Timeout(60)
class ScriptedRaceTest {

  private static final Words SHARED = Words.SHARED;
  private static final int BORDER = 1 << 18;

  /** Who asks, who has the blocks, and who settles. */
  private static final int ASKS = 0;

  private static final int HAS = 1;
  private static final int OTHER = 2;

  @Test
  void aSwapThatAnotherOneSpoiledIsTriedAgain() {
    SteppedWords access = new SteppedWords();
    long[] words = new long[Tiers.wordCount(Tiers.UNIT_ORDER)];
    int index = Tiers.firstPageWord(0);
    words[index] = BuddyWord.FREE;
    access.beforeSwap(0, index, () -> assertThat(SHARED.allocate(words, index, 0)).isNotNegative());
    int found = access.allocate(words, index, 0);
    assertThat(access.hasHappened()).isTrue();
    assertThat(BuddyWord.place(found)).isEqualTo(1);
  }

  /** A page a tree: the first one is taken, the second one free, which the index does not know. */
  private static Stage twoPages() {
    Stage stage = new Stage(3, Fixtures.pages(0, 1), Fixtures.pages(2, 1));
    assertThat(stage.allocate(HAS, 0)).isEqualTo(0);
    assertThat(stage.allocate(HAS, 0)).isEqualTo(2);
    assertThat(stage.allocate(OTHER, 0)).isEqualTo(Engine.NO_PAGE);
    assertThat(stage.free(HAS, 2)).isTrue();
    return stage;
  }

  /**
   * Whoever asks has seen that nothing was freed to the first tree; then a page is, and that of the
   * second one is taken. So there was a free one at every moment.
   */
  private static void swapPages(Stage stage) {
    assertThat(stage.free(OTHER, 0)).isTrue();
    assertThat(stage.allocate(HAS, 0)).isEqualTo(2);
  }

  @Test
  void whatIsFreedToATreeThatWasLookedAtIsFound() {
    Stage stage = twoPages();
    stage.words().beforeRead(1, Tiers.RETURNED_WORD, () -> swapPages(stage));
    assertThat(stage.allocate(ASKS, 0)).isEqualTo(0);
    assertThat(stage.words().hasHappened()).isTrue();
  }

  /** The same, and another thread settles the page just before anybody looks whether it waits. */
  @Test
  void whatIsFreedAndSettledByAnotherIsFound() {
    Stage stage = twoPages();
    Runnable settle = () -> stage.trees().settle();
    stage
        .words()
        .beforeRead(
            1,
            Tiers.RETURNED_WORD,
            () -> {
              swapPages(stage);
              stage.words().beforeRead(0, Tiers.RETURNED_WORD, settle);
            });
    assertThat(stage.allocate(ASKS, 0)).isEqualTo(0);
    assertThat(stage.words().hasHappened()).isTrue();
  }

  /** The page's unit is settled just before the page is free; it must be noted once it is. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void aFreeThatMeetsASettlementIsNoted(long freed) {
    Stage stage = new Stage(3, Fixtures.pages(0, 2));
    assertThat(stage.allocate(HAS, 0)).isEqualTo(0);
    assertThat(stage.allocate(HAS, 0)).isEqualTo(1);
    stage.words().beforeSwap(0, Tiers.pageWord(0), () -> stage.trees().settle());
    assertThat(stage.free(HAS, freed)).isTrue();
    assertThat(stage.words().hasHappened()).isTrue();
    assertThat(stage.allocate(ASKS, 0)).isEqualTo(freed);
  }

  /** A page is freed while its unit, to which another one was freed, is just being taken. */
  @Test
  void aFreeIsNotForgottenWithTheOneBefore() {
    Stage stage = new Stage(3, Fixtures.pages(0, 2));
    assertThat(stage.allocate(HAS, 0)).isEqualTo(0);
    assertThat(stage.allocate(HAS, 0)).isEqualTo(1);
    assertThat(stage.free(HAS, 1)).isTrue();
    stage.words().beforeSwap(0, Tiers.flagsWord(0), () -> assertThat(stage.free(HAS, 0)).isTrue());
    stage.trees().settle();
    assertThat(stage.words().hasHappened()).isTrue();
    assertThat(stage.allocate(ASKS, 1)).isEqualTo(0);
  }

  /** Lets an actor allocate so many blocks. */
  private static void allocate(Stage stage, int as, int order, long count) {
    for (long block = 0; block < count; block++) {
      assertThat(stage.allocate(as, order)).isNotEqualTo(Engine.NO_PAGE);
    }
  }

  /**
   * The last free page is in a unit of the second tree that another thread draws on. While the
   * first one's are looked at, a region comes and the page goes.
   */
  @Test
  void aRegionThatComesMeanwhileServes() {
    long units = 32;
    Stage stage =
        new Stage(
            3,
            Fixtures.pages(0, units * Tiers.UNIT_PAGES),
            Fixtures.pages(BORDER, units * Tiers.UNIT_PAGES));
    allocate(stage, HAS, 0, 1);
    allocate(stage, OTHER, 9, units - 1);
    allocate(stage, OTHER, 0, 1);
    allocate(stage, HAS, 9, units - 1);
    allocate(stage, HAS, 0, Tiers.UNIT_PAGES - 1);
    allocate(stage, OTHER, 0, Tiers.UNIT_PAGES - 2);
    assertThat(Cursor.tree(stage.slot(HAS).unit(0))).as("drawn on").isEqualTo(0);
    assertThat(Cursor.tree(stage.slot(OTHER).unit(0))).as("drawn on").isEqualTo(1);
    Runnable comeAndGo =
        () -> {
          stage.add(Fixtures.pages(2L * BORDER, 1));
          allocate(stage, OTHER, 0, 1);
        };
    stage.words().beforeRead(0, Tiers.firstPageWord(0), comeAndGo);
    assertThat(stage.allocate(ASKS, 0)).isEqualTo(2L * BORDER);
    assertThat(stage.words().hasHappened()).isTrue();
  }

  /**
   * Lets an actor have the only free block of an order, as its last one: so once it frees it, the
   * unit waits to be settled, but is not worth a look. The index knows of none.
   */
  private static long takeAsLast(Stage stage, int order) {
    long page = stage.allocate(HAS, order);
    assertThat(stage.free(HAS, page)).isTrue();
    assertThat(stage.allocate(HAS, order)).isEqualTo(page);
    assertThat(stage.allocate(OTHER, order)).isEqualTo(Engine.NO_PAGE);
    return page;
  }

  /** Goes on once the thread waits, or has done what it should. */
  private static void awaitWaiting(Thread thread, AtomicBoolean done) {
    while (!done.get() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  /** A unit that is free all along is being settled when the request comes. */
  @Test
  void aRequestWaitsForWhoIsSettling() throws InterruptedException {
    Stage stage = new Stage(3, Fixtures.pages(0, 512));
    long unit = takeAsLast(stage, 9);
    assertThat(stage.free(HAS, unit)).isTrue();
    AtomicLong answer = new AtomicLong(Engine.NO_PAGE);
    AtomicBoolean answered = new AtomicBoolean();
    Thread asks =
        Thread.ofPlatform()
            .unstarted(
                () -> {
                  answer.set(stage.allocate(ASKS, 9));
                  answered.set(true);
                });
    Runnable ask =
        () -> {
          asks.start();
          awaitWaiting(asks, answered);
        };
    stage.words().beforeSwap(0, Tiers.flagsWord(ReturnedUnits.WHOLE_UNITS), ask);
    stage.trees().settle();
    asks.join();
    assertThat(answer).hasValue(unit);
  }

  /**
   * Lets another thread do something just before a word of pages is filled that is begun, and goes
   * on once it has looked at a word 100 times, as whoever waits does, or is done.
   */
  private static Thread whileBegun(Stage stage, int filled, int looksAt, Runnable deed) {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong looks = new AtomicLong();
    Thread other =
        Thread.ofPlatform()
            .unstarted(
                () -> {
                  deed.run();
                  done.set(true);
                });
    Runnable look =
        new Runnable() {
          @Override
          public void run() {
            looks.incrementAndGet();
            stage.words().beforeRead(0, looksAt, this);
          }
        };
    Runnable await =
        () -> {
          stage.words().beforeRead(0, looksAt, look);
          other.start();
          while (!done.get() && looks.get() < 100) {
            Thread.onSpinWait();
          }
        };
    stage.words().beforeFill(0, filled, await);
    return other;
  }

  /** An actor draws on the first of 32 units and has so many pages of it; the others are taken. */
  private static Stage drawnOn(int pages) {
    Stage stage = new Stage(3, Fixtures.pages(0, 32L * Tiers.UNIT_PAGES));
    allocate(stage, HAS, 0, 1);
    allocate(stage, OTHER, Tiers.UNIT_ORDER, 31);
    allocate(stage, HAS, 0, pages - 1);
    assertThat(Cursor.unit(stage.slot(HAS).unit(0))).as("drawn on").isZero();
    return stage;
  }

  /** Of the last word of pages, which is begun, all but one page is free once it is filled. */
  @Test
  void whatIsBegunIsNotRefused() throws InterruptedException {
    Stage stage = drawnOn(480);
    AtomicLong answer = new AtomicLong();
    Runnable ask = () -> answer.set(stage.allocate(ASKS, 0));
    Thread asks = whileBegun(stage, Tiers.pageWord(480), Tiers.unitWord(0), ask);
    assertThat(stage.allocate(HAS, 0)).isEqualTo(480);
    asks.join();
    assertThat(answer).hasValue(481);
  }

  /** The tree goes offline, and its words are moved, while one is begun. */
  @Test
  void whatIsBegunIsMovedOnceItIsFilled() throws InterruptedException {
    Stage stage = drawnOn(32);
    Runnable goOffline = () -> stage.region(0).takeOffline();
    Thread goes = whileBegun(stage, Tiers.pageWord(32), Tiers.pageWord(32), goOffline);
    assertThat(stage.allocate(HAS, 0)).isEqualTo(32);
    goes.join();
    assertThat(stage.region(0).free(32)).isTrue();
    assertThat(stage.region(0).free(32)).isFalse();
    stage.trees().validate();
  }

  /** A run ends where a word is begun, which looks much like a block that continues it. */
  @Test
  void whatIsBegunContinuesNoRun() {
    Stage stage = drawnOn(20);
    assertThat(stage.region(0).runs().allocateAt(20, 32)).isTrue();
    Runnable freeRun = () -> assertThat(stage.region(0).runs().freeOnline(20)).isTrue();
    stage.words().beforeFill(0, Tiers.pageWord(32), freeRun);
    assertThat(stage.allocate(HAS, 0)).isEqualTo(32);
    assertThat(stage.words().hasHappened()).isTrue();
    stage.trees().validate();
    assertThat(stage.free(HAS, 32)).isTrue();
  }

  /**
   * The only free unit is taken for a moment by a request for a run that crosses the border to
   * another tree, where a page is missing, so that it is put back. Meanwhile somebody asks for the
   * unit, who has settled both trees before.
   */
  @Test
  void aUnitIsNotRefusedForARunThatIsTakenBack() throws InterruptedException {
    Stage stage = new Stage(3, Fixtures.pages(BORDER - 512, 513), Fixtures.pages(3L * BORDER, 1));
    long unit = takeAsLast(stage, 9);
    assertThat(stage.allocate(OTHER, 0)).isEqualTo(BORDER);
    assertThat(stage.allocate(OTHER, 0)).isEqualTo(3L * BORDER);
    assertThat(stage.free(HAS, unit)).isTrue();
    AtomicBoolean answered = new AtomicBoolean();
    AtomicBoolean taken = new AtomicBoolean();
    Thread asks = Thread.currentThread();
    Runnable whileTaken =
        () -> {
          taken.set(true);
          awaitWaiting(asks, answered);
        };
    Thread runs =
        Thread.ofPlatform()
            .unstarted(() -> stage.region(0).runs().allocateAt(BORDER - 512, BORDER + 1));
    Runnable takeForARun =
        () -> {
          stage.words().beforeRead(1, Tiers.firstPageWord(0), whileTaken);
          runs.start();
          while (!taken.get()) {
            Thread.onSpinWait();
          }
        };
    stage.words().beforeRead(2, Tiers.RETURNED_WORD, takeForARun);
    long answer = stage.allocate(ASKS, 9);
    answered.set(true);
    runs.join();
    assertThat(stage.words().hasHappened()).isTrue();
    assertThat(answer).isEqualTo(unit);
  }
}
