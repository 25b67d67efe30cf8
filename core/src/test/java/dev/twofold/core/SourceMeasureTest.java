package dev.twofold.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The measure of the house, taken from the formatted sources. */
class SourceMeasureTest {

  private static final int MAX_FILE_LINES = 400;
  private static final int MAX_METHOD_LINES = 50;

  private static final Pattern TYPE = Pattern.compile(".*\\b(class|interface|enum|record) \\w+.*");
  private static final Pattern UNFINISHED = Pattern.compile("TODO|FIXME|XXX");

  static Stream<Path> sources() throws IOException {
    try (Stream<Path> main = Files.walk(Path.of("src", "main", "java"));
        Stream<Path> test = Files.walk(Path.of("src", "test", "java"))) {
      return Stream.concat(main, test)
          .filter(path -> path.toString().endsWith(".java"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void filesAndMethodsAreShort(Path source) throws IOException {
    List<String> lines = Files.readAllLines(source);
    assertThat(lines).hasSizeLessThanOrEqualTo(MAX_FILE_LINES);
    assertThat(longMembers(lines)).as("long members of " + source).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("sources")
  void nothingIsLeftUnfinished(Path source) throws IOException {
    if (!source.endsWith("SourceMeasureTest.java")) {
      assertThat(Files.readAllLines(source)).noneMatch(line -> UNFINISHED.matcher(line).find());
    }
  }

  @Test
  void sourcesAreFoundAndLongMembersSeen() throws IOException {
    assertThat(sources()).hasSizeGreaterThan(20);
    List<String> lines = new ArrayList<>(List.of("class A {", "  int a() {"));
    lines.addAll(Collections.nCopies(MAX_METHOD_LINES - 1, "    f();"));
    assertThat(longMembers(Stream.concat(lines.stream(), Stream.of("  }", "}")).toList()))
        .containsExactly("  int a() {");
    lines.removeLast();
    assertThat(longMembers(Stream.concat(lines.stream(), Stream.of("  }", "}")).toList()))
        .isEmpty();
  }

  /** Returns the heads of members that span more lines than they should, braces included. */
  private static List<String> longMembers(List<String> lines) {
    List<String> longMembers = new ArrayList<>();
    for (int end = 0; end < lines.size(); end++) {
      String brace = lines.get(end);
      if (brace.equals("  }") || brace.equals("    }")) {
        int start = startOfMember(lines, end, brace);
        boolean type = TYPE.matcher(lines.get(start)).matches();
        if (end - start >= MAX_METHOD_LINES && !type) {
          longMembers.add(lines.get(start));
        }
      }
    }
    return longMembers;
  }

  /** Finds the line above at the depth of the brace that is no annotation, brace or comment. */
  private static int startOfMember(List<String> lines, int end, String brace) {
    Pattern pattern = Pattern.compile(brace.replace("}", "[^ @}/*].*"));
    int start = end;
    while (start > 0 && !pattern.matcher(lines.get(start)).matches()) {
      start--;
    }
    return start;
  }
}
