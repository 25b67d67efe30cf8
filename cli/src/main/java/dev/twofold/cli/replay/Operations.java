package dev.twofold.cli.replay;

/** What an allocator is asked for, one after the other. Blocks have numbers, from 0. */
interface Operations {

  /** Asks for a block of 2^{@code order} pages. */
  void allocate(int block, int order);

  /** Gives a block back that was asked for before. */
  void free(int block);

  /** Returns operations that nobody carries out. */
  static Operations ignored() {
    return new Operations() {
      @Override
      public void allocate(int block, int order) {}

      @Override
      public void free(int block) {}
    };
  }
}
