package dev.twofold.core;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Reaches private fields, to break metadata that no method would break. Fields are found by type
 * where that suffices, so that renaming one does not matter.
 */
final class PrivateParts {

  private PrivateParts() {}

  /** Returns the value of the only field of {@code type}. */
  static <T> T only(Object owner, Class<T> type) {
    List<Field> fields =
        fields(owner)
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
      return value(owner, field(owner, name), type);
    } catch (NoSuchFieldException e) {
      throw new LinkageError("a private field is not where it was", e);
    }
  }

  /** Returns all fields, those of the classes above as well. */
  private static Stream<Field> fields(Object owner) {
    return Stream.<Class<?>>iterate(owner.getClass(), Objects::nonNull, Class::getSuperclass)
        .flatMap(type -> Arrays.stream(type.getDeclaredFields()));
  }

  private static Field field(Object owner, String name) throws NoSuchFieldException {
    return fields(owner)
        .filter(field -> field.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchFieldException(name));
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
      Field field = field(owner, name);
      field.setAccessible(true);
      field.setInt(owner, field.getInt(owner) + addend);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a private field is not where it was", e);
    }
  }
}
