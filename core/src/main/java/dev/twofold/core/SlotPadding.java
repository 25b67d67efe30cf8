package dev.twofold.core;

/**
 * Keeps what the slots of two threads say on cache lines of their own, wherever the collector moves
 * them: fields of a class come before those of the class that extends it.
 */
@SuppressWarnings("unused") // They are there for the room they take.
abstract class SlotPadding {
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
