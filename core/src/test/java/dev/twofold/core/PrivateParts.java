package dev.twofold.core;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

/**
 * Reaches private fields, to break metadata that no method would break. Fields are found by type
 * where that suffices, so that renaming one does not matter.
 */
final class PrivateParts {

  private PrivateParts() {}

  /** Returns the value of the only field of {@code type}. */
  static <T> T only(Object owner, Class<T> type) {
    List<Field> fields =
        Arrays.stream(owner.getClass().getDeclaredFields())
            .filter(field -> field.getType() == type && !Modifier.isStatic(field.getModifiers()))
            .toList();
    if (fields.size() != 1) {
      throw new AssertionError("%s has %s of %s".formatted(owner, fields, type));
    }
    return value(owner, fields.getFirst(), type);
  }

  /** Returns the trees of an allocator. */
  static TreeArray trees(BuddyAllocator allocator) {
    return only(only(allocator, RegionSet.class), TreeArray.class);
  }

  /** Returns the value of a field where its type does not suffice. */
  static <T> T named(Object owner, String name, Class<T> type) {
    try {
      return value(owner, owner.getClass().getDeclaredField(name), type);
    } catch (NoSuchFieldException e) {
      throw new LinkageError("a private field is not where it was", e);
    }
  }

  private static <T> T value(Object owner, Field field, Class<T> type) {
    try {
      field.setAccessible(true);
      return type.cast(field.get(owner));
    } catch (IllegalAccessException e) {
      throw new LinkageError("a private field cannot be reached", e);
    }
  }

  /** Adds to a number. */
  static void add(Object owner, String name, int addend) {
    try {
      Field field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      field.setInt(owner, field.getInt(owner) + addend);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a private field is not where it was", e);
    }
  }
}
