package dev.twofold.bench;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.foreign.MemorySegment;

/** Netty's direct buffers. */
final class NettySource extends ObjectSource<ByteBuf> {

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
  static PageHeap pooled() {
    return shared(PooledByteBufAllocator.DEFAULT);
  }

  /** Opens the pooled allocator with an arena a thread, larger chunks, caches for all threads. */
  static PageHeap tunedPooled(int threads) {
    return shared(
        new PooledByteBufAllocator(
            true,
            0,
            threads,
            PAGE_SIZE_BYTES,
            CHUNK_ORDER,
            SMALL_CACHE_SIZE,
            NORMAL_CACHE_SIZE,
            true));
  }

  /** Opens the adaptive allocator as Netty makes its own. */
  static PageHeap adaptive() {
    return shared(new AdaptiveByteBufAllocator());
  }

  /** Opens the adaptive allocator with caches for all threads. */
  static PageHeap tunedAdaptive() {
    return shared(new AdaptiveByteBufAllocator(true, true));
  }

  private static PageHeap shared(ByteBufAllocator allocator) {
    return new PageHeap(slots -> new NettySource(allocator, slots));
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
  public long heldBytes() {
    return allocator instanceof ByteBufAllocatorMetricProvider provider
        ? provider.metric().usedDirectMemory()
        : super.heldBytes();
  }

  @Override
  long addressOf(ByteBuf block) {
    return MemorySegment.ofBuffer(block.nioBuffer(0, block.capacity())).address();
  }
}
