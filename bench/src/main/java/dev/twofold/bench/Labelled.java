package dev.twofold.bench;

import java.util.Arrays;
import java.util.List;

/** What users name by a label: one of several. */
interface Labelled {

  /** Returns the name. */
  String label();

  /**
   * Returns the allocator of that name.
   *
   * @throws IllegalArgumentException naming those there are if there is none
   */
  static <T extends Labelled> T named(String label, T[] all) {
    return Arrays.stream(all)
        .filter(one -> one.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no allocator '%s'; there are %s".formatted(label, labels(all))));
  }

  /** Returns the names of all. */
  static <T extends Labelled> List<String> labels(T[] all) {
    return Arrays.stream(all).map(Labelled::label).toList();
  }
}
