/**
 * Races in small memories, with the outcomes that the allocator's contract accepts and those that
 * it forbids. The tests use core's public door; {@link dev.twofold.stress.Stress} runs them.
 */
package dev.twofold.stress;
