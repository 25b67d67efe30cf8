package dev.twofold.bench;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;

/** Netty's direct buffers. */
final class NettySource extends ObjectSource<ByteBuf> {

  private static final int ARENAS = 1;
  private static final int PAGE_SIZE_BYTES = 8192;
  private static final int SMALL_CACHE_SIZE = 256;
  private static final int NORMAL_CACHE_SIZE = 64;

  /**
   * Chunks of 16 MiB. In those of 4 MiB, the default, a buffer of 2 MiB makes a chunk so full that
   * freeing the buffer gives the chunk back to the system.
   */
  private static final int CHUNK_ORDER = 11;

  private final ByteBufAllocator allocator;

  private NettySource(ByteBufAllocator allocator, int slotCount) {
    super(new ByteBuf[slotCount]);
    this.allocator = allocator;
  }

  /** Opens the pooled allocator that Netty hands out. */
  static PageSource pooled(int slotCount) {
    return new NettySource(PooledByteBufAllocator.DEFAULT, slotCount);
  }

  /** Opens the pooled allocator with one direct arena, larger chunks, caches for all threads. */
  static PageSource tunedPooled(int slotCount) {
    return new NettySource(
        new PooledByteBufAllocator(
            true,
            0,
            ARENAS,
            PAGE_SIZE_BYTES,
            CHUNK_ORDER,
            SMALL_CACHE_SIZE,
            NORMAL_CACHE_SIZE,
            true),
        slotCount);
  }

  /** Opens the adaptive allocator as Netty makes its own. */
  static PageSource adaptive(int slotCount) {
    return new NettySource(new AdaptiveByteBufAllocator(), slotCount);
  }

  /** Opens the adaptive allocator with caches for all threads. */
  static PageSource tunedAdaptive(int slotCount) {
    return new NettySource(new AdaptiveByteBufAllocator(true, true), slotCount);
  }

  @Override
  ByteBuf allocateBlock(int order) {
    int sizeBytes = (int) PAGE_BYTES << order;
    return allocator.directBuffer(sizeBytes, sizeBytes);
  }

  @Override
  void freeBlock(ByteBuf block) {
    block.release();
  }

  @Override
  long addressOf(ByteBuf block) {
    return MemorySegment.ofBuffer(block.nioBuffer(0, block.capacity())).address();
  }
}
