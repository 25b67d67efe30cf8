package dev.twofold.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PlotCommandTest {

  private static final Pattern IMAGE = Pattern.compile("!\\[[^]]+]\\(([^)]+)\\)");

  @TempDir private Path docs;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void pageShowsEveryPlotAndEveryPlotIsThere() throws Exception {
    Path raw = Files.createDirectories(docs.resolve("results").resolve("raw"));
    Samples.copyTo(raw);
    assertThat(plot()).isZero();
    String page = Files.readString(docs.resolve("results.md"));
    List<String> shown = IMAGE.matcher(page).results().map(PlotCommandTest::file).toList();
    assertThat(shown)
        .containsExactlyInAnyOrder(
            "results/churn-threads.png",
            "results/churn-1.png",
            "results/churn-2.png",
            "results/pair-1.png",
            "results/pair-2.png",
            "results/latency.png",
            "results/workloads.png",
            "results/fragmentation.png");
    for (String file : shown) {
      BufferedImage image = ImageIO.read(docs.resolve(file).toFile());
      assertThat(image.getWidth()).as(file).isEqualTo(2000);
      assertThat(colors(image)).as("colours in %s", file).isGreaterThan(1);
    }
    assertThat(page)
        .contains(
            "bench/results --quick",
            "revision 0000000",
            "`twofold-confined`",
            "the clock alone",
            "## The same beside LLFree in C")
        .doesNotContain("NaN");
  }

  @Test
  void sameFiguresGiveTheSamePage() throws Exception {
    RawFolder raw = RawFolder.read(Samples.FOLDER);
    assertThat(ResultsPage.write(raw, Plots.of(raw).keySet()))
        .isEqualTo(ResultsPage.write(RawFolder.read(Samples.FOLDER), Plots.of(raw).keySet()));
  }

  @Test
  void missingFiguresAreAFailure() {
    assertThat(plot()).isEqualTo(1);
    assertThat(docs.resolve("results.md")).doesNotExist();
  }

  private int plot() {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new CommandLine(new PlotCommand(out)).execute("--docs", docs.toString());
  }

  private static String file(MatchResult image) {
    return image.group(1);
  }

  /** An empty plot has none: it is white, black, and grey. */
  private static long colors(BufferedImage image) {
    return IntStream.range(0, image.getHeight())
        .flatMap(y -> IntStream.range(0, image.getWidth()).map(x -> image.getRGB(x, y)))
        .filter(color -> isColored(color))
        .distinct()
        .count();
  }

  private static boolean isColored(int color) {
    int red = color >> 16 & 0xff;
    int green = color >> 8 & 0xff;
    int blue = color & 0xff;
    return red != green || green != blue;
  }
}
