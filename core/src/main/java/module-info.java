/**
 * Twofold's core: a buddy page allocator over off-heap memory and other ranges of addresses.
 *
 * <p>Exports one package, {@link dev.twofold.core}, and depends on the JDK alone. Anonymous memory
 * is reserved through the foreign function API, so run with {@code
 * --enable-native-access=dev.twofold.core}.
 */
module dev.twofold.core {
  exports dev.twofold.core;
}
