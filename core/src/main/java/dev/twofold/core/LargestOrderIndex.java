package dev.twofold.core;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which tree can serve an order: a tournament over the largest free order of every tree, found and
 * kept in O(log trees).
 *
 * <p>Leaf t holds the largest free order of tree t, every inner node the larger of its children, so
 * the root says what the whole allocator can serve. A tree publishes a new value before its lock is
 * released; writers exclude each other, readers take no lock.
 *
 * <p>Two properties make a refusal trustworthy. The root is at least the largest value that any
 * tree has published, except while a publication that raises it is under way, and then the freeing
 * call has not returned. So a root below {@code order} means that there was a moment at which no
 * tree had such a block. And a reader that came to a tree for nothing finds, on its next look, the
 * value that the tree published when the block went.
 */
final class LargestOrderIndex {

  /** Returned when no tree can serve the order. */
  static final int NONE = -1;

  private static final int ROOT = 1;

  private final int leaves;
  private final AtomicIntegerArray nodes;

  /** Makes an index of {@code treeCount} trees (at least 1), none of which can serve anything. */
  LargestOrderIndex(int treeCount) {
    leaves = 1 << Orders.holding(treeCount);
    nodes = new AtomicIntegerArray(2 * leaves);
    for (int node = 0; node < nodes.length(); node++) {
      nodes.setPlain(node, NONE);
    }
  }

  /**
   * Returns the first tree whose largest free order is at least {@code order}, or {@link #NONE}.
   */
  int firstWith(int order) {
    if (nodes.get(ROOT) < order) {
      return NONE;
    }
    int tree = descend(order);
    return tree == NONE ? firstWithBetweenPublications(order) : tree;
  }

  /**
   * Returns the next tree, {@code from} or further up, or further down, whose largest free order
   * seems to be at least {@code order}, or {@link #NONE}: a hint while trees publish.
   */
  int nextWith(int order, int from, boolean down) {
    int side = down ? 1 : 0;
    int node = from < 0 || from >= leaves ? 0 : leaves + from;
    while (node > 0 && nodes.get(node) < order) {
      while (node > ROOT && (node & 1) != side) {
        node >>= 1;
      }
      node = node <= ROOT ? 0 : node ^ 1;
    }
    while (node > 0 && node < leaves) {
      int nearer = 2 * node + side;
      node = nodes.get(nearer) >= order ? nearer : nearer ^ 1;
    }
    return node - leaves < 0 ? NONE : node - leaves;
  }

  /** The descent met a publication half-way: excludes publications and looks again. */
  private synchronized int firstWithBetweenPublications(int order) {
    return nodes.get(ROOT) < order ? NONE : descend(order);
  }

  private int descend(int order) {
    int node = ROOT;
    while (node < leaves) {
      int left = 2 * node;
      node = nodes.get(left) >= order ? left : left + 1;
    }
    return nodes.get(node) >= order ? node - leaves : NONE;
  }

  /** Returns the largest free order that {@code tree} published last, or {@link #NONE}. */
  int published(int tree) {
    return nodes.getPlain(leaves + tree);
  }

  /** Publishes the largest free order of {@code tree}; the caller holds the tree's lock. */
  synchronized void publish(int tree, int largestFreeOrder) {
    int node = leaves + tree;
    int value = largestFreeOrder;
    while (nodes.getPlain(node) != value) {
      nodes.set(node, value);
      if (node == ROOT) {
        return;
      }
      value = Math.max(value, nodes.getPlain(node ^ 1));
      node >>= 1;
    }
  }

  /**
   * Compares every inner node with its children.
   *
   * @throws AssertionError naming the first node that is not the larger of its children
   */
  synchronized void validate() {
    for (int node = ROOT; node < leaves; node++) {
      int larger = Math.max(nodes.get(2 * node), nodes.get(2 * node + 1));
      Invariant.hold(
          nodes.get(node) == larger, "an index node is not the larger of its children; node", node);
    }
  }

  /** Returns a hash of all nodes. */
  synchronized long digest() {
    long hash = 0;
    for (int node = ROOT; node < nodes.length(); node++) {
      hash = hash * 31 + nodes.get(node);
    }
    return hash;
  }
}
