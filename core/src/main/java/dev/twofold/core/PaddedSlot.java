package dev.twofold.core;

/**
 * A slot whose fields share their cache lines with nothing else. What lies behind a slot may be
 * used by another thread, which reads its header at least; and the slot's last fields are written
 * with every block.
 */
@SuppressWarnings("unused") // They are there for the room they take.
final class PaddedSlot extends Slot {
  long y0;
  long y1;
  long y2;
  long y3;
  long y4;
  long y5;
  long y6;
  long y7;
  long z0;
  long z1;
  long z2;
  long z3;
  long z4;
  long z5;
  long z6;
  long z7;

  /** Makes a slot that points nowhere, and whose requests look at units of that home first. */
  PaddedSlot(boolean common, int home) {
    super(common, home);
  }
}
