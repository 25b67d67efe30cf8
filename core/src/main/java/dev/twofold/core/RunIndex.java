package dev.twofold.core;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which trees may serve a run, in the order of their addresses: {@link RunNodes} for any number of
 * threads. It may stand for more than a tree has, never for less; whoever came to a tree for
 * nothing tells it what the tree has.
 *
 * <p>A tree is <b>raised</b>, which means that all of its pages seem to be free, before any call
 * that freed some returns. Frees take no lock, so a flag says that a tree is raised already: they
 * mark their unit, then look at the flag, and only if it is not set they raise the tree. Who is
 * about to tell what a tree has clears the flag, then settles all units that are marked, looks at
 * them, and at last is not heard if the flag is set again. So a free that found the flag set is one
 * that he has seen, or it was set after he cleared it.
 *
 * <p>So if no tree seems to serve, then there was a moment at which none could, but for frees whose
 * calls had not returned.
 */
final class RunIndex {

  /** Returned instead of a tree or a page when there is none. */
  static final int NONE = RunNodes.NONE;

  private static final int[] NO_NUMBERS = {};

  /** A tree: its number, where it lies, and whether its region ends with it. */
  private record Leaf(int number, long firstPage, long endPage, boolean last) {}

  private final RunSearch search = new RunSearch();

  /** The trees in the order of their addresses; guarded by this, like what follows. */
  private List<Leaf> leaves = List.of();

  private RunNodes nodes = new RunNodes(0);

  /** By number: the leaf of a tree, or {@link #NONE}. */
  private int[] leafOf = NO_NUMBERS;

  /** By number: whether a tree is raised. Set under the lock; replaced when trees come. */
  private volatile AtomicIntegerArray raised = new AtomicIntegerArray(0);

  /**
   * Adds the trees of a region, which have nothing free as yet.
   *
   * @param numbers what they are named by: one for each
   */
  synchronized void add(int[] numbers, List<TreeLayout> layouts) {
    int last = numbers.length - 1;
    Stream<Leaf> added =
        IntStream.rangeClosed(0, last)
            .mapToObj(tree -> leaf(numbers[tree], layouts.get(tree), tree == last));
    replace(
        Stream.concat(leaves.stream(), added)
            .sorted(Comparator.comparingLong(Leaf::firstPage))
            .toList());
  }

  private static Leaf leaf(int number, TreeLayout layout, boolean last) {
    long span = layout.spanPage();
    return new Leaf(number, span + layout.firstPage(), span + layout.endPage(), last);
  }

  /** Forgets trees. */
  synchronized void remove(int[] numbers) {
    int[] sorted = numbers.clone();
    Arrays.sort(sorted);
    replace(
        leaves.stream().filter(leaf -> Arrays.binarySearch(sorted, leaf.number()) < 0).toList());
  }

  private void replace(List<Leaf> next) {
    int room = 1 + next.stream().mapToInt(Leaf::number).max().orElse(NONE);
    int[] nextLeafOf = new int[Math.max(room, leafOf.length)];
    Arrays.fill(nextLeafOf, NONE);
    AtomicIntegerArray nextRaised = new AtomicIntegerArray(nextLeafOf.length);
    RunNodes nextNodes = new RunNodes(next.size());
    for (int leaf = 0; leaf < next.size(); leaf++) {
      Leaf tree = next.get(leaf);
      nextLeafOf[tree.number()] = leaf;
      nextNodes.place(leaf, tree.firstPage(), tree.endPage(), tree.last());
      int former = leafOf(tree.number());
      if (former != NONE) {
        nextNodes.copy(leaf, nodes, former);
        nextRaised.set(tree.number(), raised.get(tree.number()));
      }
    }
    leaves = next;
    leafOf = nextLeafOf;
    nodes = nextNodes;
    raised = nextRaised;
  }

  private int leafOf(int number) {
    return number < leafOf.length ? leafOf[number] : NONE;
  }

  /**
   * Lets all pages of a tree seem free, as more are than before. Nothing is done for one that is
   * raised already, or gone.
   */
  void raise(int number) {
    AtomicIntegerArray now = raised;
    if (number >= now.length() || now.get(number) == 0) {
      raiseAnew(number);
    }
  }

  private synchronized void raiseAnew(int number) {
    int leaf = leafOf(number);
    if (leaf != NONE) {
      raised.set(number, 1);
      nodes.setAllFree(leaf);
    }
  }

  /**
   * Says that a tree is about to be looked at: {@link #tell} is not heard if it is raised from now
   * on. The caller holds the tree's lock.
   */
  void look(int number) {
    AtomicIntegerArray now = raised;
    if (number < now.length()) {
      now.set(number, 0);
    }
  }

  /** Says how many pages a tree was seen to have free; the caller holds the tree's lock still. */
  synchronized void tell(int number, int start, int end, int longest) {
    int leaf = leafOf(number);
    if (leaf != NONE && raised.get(number) == 0) {
      nodes.set(leaf, start, end, longest);
    }
  }

  /**
   * Says that a tree was seen to have less than so many pages side by side that are aligned; the
   * caller holds the tree's lock still.
   */
  synchronized void limit(int number, int alignmentOrder, long pageCount) {
    int leaf = leafOf(number);
    if (leaf != NONE && raised.get(number) == 0) {
      nodes.know(alignmentOrder);
      nodes.limit(leaf, alignmentOrder, (int) Math.min(Integer.MAX_VALUE, pageCount - 1));
    }
  }

  /** Says that a tree can serve nothing; the caller holds the tree's lock. */
  synchronized void lower(int number) {
    int leaf = leafOf(number);
    if (leaf != NONE) {
      raised.set(number, 0);
      nodes.set(leaf, 0, 0, 0);
    }
  }

  /**
   * Returns the number of the first tree that seems to serve a request by itself, within a window,
   * or {@link #NONE}; of the last one if it is from the top. O(log trees).
   */
  synchronized int next(RunRequest request, long low, long high) {
    int leaf = nodes.next(request, low, high);
    return leaf == NONE ? NONE : leaves.get(leaf).number();
  }

  /**
   * Returns the first page of a place that seems to be free and crosses a border between trees, or
   * lies at one; or {@link #NONE}. O(log trees), but for places that are not aligned.
   */
  synchronized long findAcross(RunRequest request) {
    nodes.tell(search.of(request));
    return search.found();
  }

  /**
   * Returns the numbers of all trees that seem to serve a request, each by itself, in the order
   * that it asks for.
   */
  synchronized int[] named(RunRequest request) {
    IntStream.Builder named = IntStream.builder();
    long low = request.low();
    long high = request.high();
    boolean down = request.topDown();
    for (int leaf = nodes.next(request, low, high); leaf != NONE; ) {
      Leaf tree = leaves.get(leaf);
      named.add(tree.number());
      low = down ? low : tree.endPage();
      high = down ? tree.firstPage() : high;
      leaf = low < high ? nodes.next(request, low, high) : NONE;
    }
    return named.build().toArray();
  }

  /**
   * Returns whether it seems, at one moment, that a request can be served by other trees than some,
   * or by several together.
   */
  synchronized boolean namesOthers(RunRequest request, int[] numbers) {
    int[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return findAcross(request) != NONE
        || !Arrays.stream(named(request))
            .allMatch(number -> Arrays.binarySearch(sorted, number) >= 0);
  }

  /**
   * Checks that a tree does not seem to have less than it has; the caller holds its lock.
   *
   * @throws AssertionError naming the tree, if it does
   */
  synchronized void validate(int number, int start, int end, int longest) {
    int leaf = leafOf(number);
    Invariant.hold(leaf != NONE, "the index of runs does not know tree", number);
    nodes.validate(leaf, start, end, longest);
  }
}
