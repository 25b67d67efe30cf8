package dev.twofold.cli;

import java.math.BigInteger;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole numbers of the command line, whose refusals are in words that are not Java's. */
final class WholeNumbers {

  private WholeNumbers() {}

  /** Lets commands, and the subcommands they have so far, read whole numbers. */
  static void register(CommandLine commands) {
    ITypeConverter<Integer> ints = text -> (int) parse(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    ITypeConverter<Long> longs = text -> parse(text, Long.MIN_VALUE, Long.MAX_VALUE);
    commands.registerConverter(int.class, ints).registerConverter(Integer.class, ints);
    commands.registerConverter(long.class, longs).registerConverter(Long.class, longs);
  }

  private static long parse(String text, long least, long most) {
    if (!text.matches("[+-]?[0-9]+")) {
      throw new TypeConversionException("'%s' is not a whole number".formatted(text));
    }
    BigInteger number = new BigInteger(text);
    if (number.compareTo(BigInteger.valueOf(least)) < 0
        || number.compareTo(BigInteger.valueOf(most)) > 0) {
      throw new TypeConversionException("'%s' is not from %d to %d".formatted(text, least, most));
    }
    return number.longValueExact();
  }
}
