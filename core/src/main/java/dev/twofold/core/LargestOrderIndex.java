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
 *
 * <p>The index grows with the trees and never shrinks; a tree that is gone can serve nothing.
 */
final class LargestOrderIndex {

  /** Returned when no tree can serve the order. */
  static final int NONE = -1;

  private static final int ROOT = 1;

  /** The root, its children, and so on down to the leaves, which are the upper half. */
  private volatile AtomicIntegerArray nodes;

  /** Makes an index of {@code treeCount} trees (at least 1), none of which can serve anything. */
  LargestOrderIndex(int treeCount) {
    nodes = emptyNodes(treeCount);
  }

  private static AtomicIntegerArray emptyNodes(int treeCount) {
    AtomicIntegerArray nodes = new AtomicIntegerArray(2 << Orders.holding(treeCount));
    for (int node = 0; node < nodes.length(); node++) {
      nodes.setPlain(node, NONE);
    }
    return nodes;
  }

  /**
   * Makes room for {@code treeCount} trees; the new ones can serve nothing. A reader that goes on
   * with the former nodes reads what was published when they were replaced, which is during its
   * call.
   */
  synchronized void grow(int treeCount) {
    AtomicIntegerArray former = nodes;
    if (leaves(former) >= treeCount) {
      return;
    }
    AtomicIntegerArray grown = emptyNodes(treeCount);
    for (int tree = 0; tree < leaves(former); tree++) {
      grown.setPlain(leaves(grown) + tree, former.getPlain(leaves(former) + tree));
    }
    for (int node = leaves(grown) - 1; node >= ROOT; node--) {
      grown.setPlain(node, Math.max(grown.getPlain(2 * node), grown.getPlain(2 * node + 1)));
    }
    nodes = grown;
  }

  /**
   * Returns the first tree whose largest free order is at least {@code order}, or {@link #NONE}.
   */
  int firstWith(int order) {
    AtomicIntegerArray now = nodes;
    if (now.get(ROOT) < order) {
      return NONE;
    }
    int tree = descend(now, ROOT, order);
    return tree == NONE ? firstWithBetweenPublications(order) : tree;
  }

  /**
   * Returns the first tree whose largest free order is at least {@code order}: of two trees, of
   * those from {@code start} on, and of all; or {@link #NONE}.
   */
  int firstWith(int order, int preferred, int other, int start) {
    AtomicIntegerArray now = nodes;
    if (serves(now, preferred, order)) {
      return preferred;
    }
    if (serves(now, other, order)) {
      return other;
    }
    int tree = start == 0 ? NONE : firstFrom(now, start, order);
    return tree == NONE ? firstWith(order) : tree;
  }

  /** May miss a tree while others publish. */
  private static int firstFrom(AtomicIntegerArray nodes, int start, int order) {
    int node = leaves(nodes) + start;
    while (node > ROOT && nodes.get(node) < order) {
      node = (node & 1) == 0 ? node + 1 : (node >>> 1) + 1; // what lies behind, in a larger step
      boolean atTheEnd = (node & (node - 1)) == 0;
      node = atTheEnd ? ROOT : node;
    }
    return node == ROOT ? NONE : descend(nodes, node, order);
  }

  private static boolean serves(AtomicIntegerArray nodes, int tree, int order) {
    int leaf = leaves(nodes) + tree;
    return leaf < nodes.length() && nodes.get(leaf) >= order;
  }

  /** The descent met a publication half-way: excludes publications and looks again. */
  private synchronized int firstWithBetweenPublications(int order) {
    return nodes.get(ROOT) < order ? NONE : descend(nodes, ROOT, order);
  }

  private static int leaves(AtomicIntegerArray nodes) {
    return nodes.length() >>> 1;
  }

  private static int descend(AtomicIntegerArray nodes, int from, int order) {
    int leaves = leaves(nodes);
    int node = from;
    while (node < leaves) {
      int left = 2 * node;
      node = nodes.get(left) >= order ? left : left + 1;
    }
    return nodes.get(node) >= order ? node - leaves : NONE;
  }

  /** Returns the largest free order that {@code tree} published last, or {@link #NONE}. */
  int published(int tree) {
    AtomicIntegerArray now = nodes;
    return now.getPlain(leaves(now) + tree);
  }

  /** Publishes the largest free order of {@code tree}; the caller holds the tree's lock. */
  synchronized void publish(int tree, int largestFreeOrder) {
    AtomicIntegerArray now = nodes;
    int node = leaves(now) + tree;
    int value = largestFreeOrder;
    while (now.getPlain(node) != value) {
      now.set(node, value);
      if (node == ROOT) {
        return;
      }
      value = Math.max(value, now.getPlain(node ^ 1));
      node >>= 1;
    }
  }

  /**
   * Compares every inner node with its children.
   *
   * @throws AssertionError naming the first node that is not the larger of its children
   */
  synchronized void validate() {
    for (int node = ROOT; node < leaves(nodes); node++) {
      int larger = Math.max(nodes.get(2 * node), nodes.get(2 * node + 1));
      Invariant.hold(
          nodes.get(node) == larger, "an index node is not the larger of its children; node", node);
    }
  }

  /** Returns a hash of what the trees have published; trees that can serve nothing do not count. */
  synchronized long digest() {
    int leaves = leaves(nodes);
    long hash = 0;
    for (int tree = 0; tree < leaves; tree++) {
      int largest = nodes.get(leaves + tree);
      hash = largest == NONE ? hash : (hash * 31 + tree) * 31 + largest;
    }
    return hash;
  }
}
