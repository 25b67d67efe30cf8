package dev.twofold.bench.results;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A plot of lines or of bars; all plots look alike. */
final class Chart {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 560;
  private static final int BAR_SPACE = 42;
  private static final int BAR_WIDTH = 14;
  private static final int AROUND_BARS = 130;
  private static final int MARKER_SIZE = 8;
  private static final int DOTS_PER_INCH = 144;
  private static final float HALF_AGAIN = 1.5f;
  private static final double HALF = 0.5;
  private static final String ZEROS = "\\.?0+$";

  /** How far above a bar its label stands, in rows. */
  private static final double LABEL_ABOVE = 0.42;

  /** About how wide a character of a label is, and the space that bars have, in points. */
  private static final double CHARACTER_WIDTH = 7.8;

  private static final double PLOT_WIDTH = 880;
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  private static final Font LABEL = new Font(Font.MONOSPACED, Font.PLAIN, 13);
  private static final Color GRID = new Color(0xdddddd);

  /**
   * A bar.
   *
   * @param allocator whose it is
   * @param label what to write beside it
   * @param value where it ends
   * @param least where the spread begins
   * @param most where the spread ends
   */
  record Bar(String allocator, String label, double value, double least, double most) {}

  private final XYChart chart;
  private boolean logarithmicY;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;

  private Chart(int height, String title, String x, String y) {
    chart = new XYChart(WIDTH, height);
    chart.setTitle(title);
    chart.setXAxisTitle(x);
    chart.setYAxisTitle(y);
    style(chart.getStyler());
  }

  private static void style(XYStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitleFont(TITLE);
    styler.setAxisTitleFont(TEXT);
    styler.setAxisTickLabelsFont(TEXT);
    styler.setLegendFont(TEXT);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setMarkerSize(MARKER_SIZE);
    styler.setDecimalPattern("#,###.##");
  }

  /** A plot of lines. */
  static Chart lines(String title, String x, String y) {
    return new Chart(HEIGHT, title, x, y);
  }

  /** Makes the vertical axis logarithmic, from a power of ten to another. */
  Chart logarithmicY() {
    logarithmicY = true;
    chart.getStyler().setYAxisLogarithmic(true);
    return this;
  }

  /** Sets where the vertical axis begins and ends. */
  Chart fromTo(double least, double most) {
    chart.getStyler().setYAxisMin(least);
    chart.getStyler().setYAxisMax(most);
    return this;
  }

  /**
   * Has the horizontal axis go from 0 to {@code most}. It begins a little before, because XChart
   * labels every so-manieth value instead of round numbers if all are equally far apart.
   */
  Chart roundX(double most) {
    chart.getStyler().setXAxisMin(-most / WIDTH);
    chart.getStyler().setXAxisMax(most);
    return this;
  }

  /** Has the vertical axis begin at 0. */
  Chart fromZero() {
    chart.getStyler().setYAxisMin(0.0);
    return this;
  }

  /** Writes {@code names} at the whole numbers 0, 1, 2, … of the horizontal axis. */
  Chart namedX(List<String> names) {
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisMax(names.size() - 1.0);
    chart.getStyler().setXAxisMaxLabelCount(names.size());
    chart.setCustomXAxisTickLabelsFormatter(nameAt(names));
    return this;
  }

  /** Makes the horizontal axis one of percentiles: 10 is the 90th, 100 the 99th, and so on. */
  Chart rarityX(double most) {
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setXAxisLogarithmicDecadeOnly(true);
    chart.getStyler().setXAxisMin(1.0);
    chart.getStyler().setXAxisMax(most);
    chart.setCustomXAxisTickLabelsFormatter(
        rarity ->
            String.format(Locale.ROOT, "%.7g", 100 - 100 / rarity).replaceAll(ZEROS, "") + " %");
    return this;
  }

  /** Adds a line. */
  Chart add(String name, Palette look, List<Double> x, List<Double> y) {
    least = Math.min(least, Collections.min(y));
    most = Math.max(most, Collections.max(y));
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(look.color());
    series.setLineStyle(look.stroke());
    series.setMarker(look.marker());
    series.setMarkerColor(look.color());
    return this;
  }

  /**
   * A plot of horizontal bars over a logarithmic axis, the first one on top; a thin line over each
   * shows its spread.
   */
  static Chart bars(String title, String x, List<Bar> bars) {
    Chart made = new Chart(AROUND_BARS + BAR_SPACE * bars.size(), title, x, "");
    double least = bars.stream().mapToDouble(Bar::least).min().orElseThrow();
    double most = bars.stream().mapToDouble(Bar::most).max().orElseThrow();
    double from = Math.pow(10, Math.floor(Math.log10(least)));
    double to = Math.max(most * HALF_AGAIN, from * 10);
    XYStyler styler = made.chart.getStyler();
    styler.setXAxisLogarithmic(true);
    styler.setXAxisMin(from);
    styler.setXAxisMax(to);
    styler.setYAxisMin(-HALF);
    styler.setYAxisMax(bars.size() - HALF);
    styler.setYAxisTicksVisible(false);
    styler.setPlotGridHorizontalLinesVisible(false);
    styler.setLegendVisible(false);
    styler.setAnnotationTextFont(LABEL);
    int width = bars.stream().mapToInt(bar -> bar.label().length()).max().orElseThrow();
    double center = from * Math.pow(to / from, width * CHARACTER_WIDTH / 2 / PLOT_WIDTH);
    for (int index = 0; index < bars.size(); index++) {
      Bar bar = bars.get(index);
      double row = bars.size() - 1.0 - index;
      made.addBar(bar, row, from);
      // Text is centred. All labels being as long as the longest, they begin where the bars do.
      String label = bar.label() + " ".repeat(width - bar.label().length());
      made.chart.addAnnotation(new AnnotationText(label, center, row + LABEL_ABOVE, false));
    }
    return made;
  }

  private void addBar(Bar bar, double row, double from) {
    Color color = Palette.of(bar.allocator()).color();
    stroke(bar.label(), List.of(from, bar.value()), row, color, BAR_WIDTH);
    stroke(bar.label() + " spread", List.of(bar.least(), bar.most()), row, Color.BLACK, HALF_AGAIN);
  }

  private void stroke(String name, List<Double> x, double y, Color color, float width) {
    XYSeries series = chart.addSeries(name, x, List.of(y, y));
    series.setLineColor(color);
    series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    series.setMarker(SeriesMarkers.NONE);
  }

  private static Function<Double, String> nameAt(List<String> names) {
    return value -> {
      int index = (int) Math.round(value);
      boolean whole = Math.abs(value - index) < 0.01;
      return whole && index >= 0 && index < names.size() ? names.get(index) : "";
    };
  }

  /**
   * Writes the plot as PNG.
   *
   * @throws IOException if that fails
   */
  void write(Path file) throws IOException {
    if (logarithmicY) {
      fromTo(
          Math.pow(10, Math.floor(Math.log10(least))), Math.pow(10, Math.ceil(Math.log10(most))));
    }
    BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapFormat.PNG, DOTS_PER_INCH);
  }
}
