package dev.twofold.core;

/**
 * Keeps what a slot says off the cache lines of what lies before it, wherever the collector moves
 * it: fields of a class come before those of the class that extends it. {@link PaddedSlot} does the
 * same behind it.
 */
@SuppressWarnings("unused") // They are there for the room they take.
abstract class SlotPadding {

  /** Fills what the header leaves of its word, where otherwise a field of a slot would stand. */
  int besideHeader;

  long a0;
  long a1;
  long a2;
  long a3;
  long a4;
  long a5;
  long a6;
  long a7;
  long b0;
  long b1;
  long b2;
  long b3;
  long b4;
  long b5;
  long b6;
  long b7;
}
