package dev.twofold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts that start something, with a JDK and a Maven that only say how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

  private static final Path PROJECT = Path.of("..");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "twofold, cli, target/twofold-cli.jar",
    "bench/run, bench, target/lib",
    "stress/run, stress, target/lib"
  })
  void buildsAtFirstAndAfterAChange(String script, String module, String built) throws Exception {
    Path root = folder.resolve("a path with blanks");
    for (String file : new String[] {script, "bin/launch.sh"}) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.copy(PROJECT.resolve(file), root.resolve(file));
    }
    Path source = Files.createDirectories(root.resolve("core/src/main")).resolve("A.java");
    writeLongAgo(source);
    writeLongAgo(Files.createDirectories(root.resolve(module + "/src/main")).resolve("B.java"));
    for (String pom : new String[] {"pom.xml", "core/pom.xml", module + "/pom.xml"}) {
      writeLongAgo(root.resolve(pom));
    }
    Path artifact = root.resolve(module).resolve(built);
    assertThat(run(root, script, artifact)).contains("first use", "java ran");
    assertThat(run(root, script, artifact)).doesNotContain("Building").contains("java ran");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run(root, script, artifact)).contains("sources have changed", "java ran");
    Files.delete(artifact);
    assertThat(run(root, script, artifact)).contains("Building", "java ran");
  }

  private String run(Path root, String script, Path artifact) throws Exception {
    Path jdk = folder.resolve("jdk");
    program(jdk.resolve("bin/java"), "echo java ran");
    program(jdk.resolve("bin/javac"), "");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    Path tools = folder.resolve("tools");
    program(tools.resolve("mvn"), "touch '%s'".formatted(artifact));
    ProcessBuilder process = new ProcessBuilder("sh", root.resolve(script).toString());
    Map<String, String> environment = process.environment();
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("PATH", tools + ":" + environment.get("PATH"));
    Path output = folder.resolve("output");
    Process running = process.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).isZero();
    return Files.readString(output);
  }

  private static void program(Path file, String command) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static void writeLongAgo(Path file) throws IOException {
    Files.writeString(file, "");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
  }
}
