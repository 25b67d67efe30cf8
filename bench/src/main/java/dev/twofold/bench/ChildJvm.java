package dev.twofold.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own for what is measured, with this one's flags and class path. */
final class ChildJvm {

  private ChildJvm() {}

  /**
   * Runs a class until it ends; what it prints goes where this JVM's own output goes.
   *
   * @param subject what is measured, for the message
   * @param flags flags besides this JVM's own, which they override
   * @throws IllegalStateException if it fails
   */
  static void run(String subject, List<String> flags, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IllegalStateException(
          "the JVM that measured %s ended with status %d; what it said stands above."
              .formatted(subject, status));
    }
  }
}
