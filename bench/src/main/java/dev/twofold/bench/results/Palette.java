package dev.twofold.bench.results;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How an allocator looks, the same in all plots: relatives have one colour, told apart by the line
 * and the marker.
 *
 * @param color of line, marker and bar
 * @param stroke of a line
 * @param marker at a point
 */
record Palette(Color color, BasicStroke stroke, Marker marker) {

  private static final float THIN = 2;
  private static final float THICK = 3;
  private static final float DASH = 8;

  private static final Color BLUE = new Color(0x1f5fbf);
  private static final Color ORANGE = new Color(0xe07b00);
  private static final Color BROWN = new Color(0x8c5a2b);
  private static final Color PURPLE = new Color(0x8e44ad);
  private static final Color GREY = new Color(0x555555);
  private static final Color GREEN = new Color(0x2e8b3d);
  private static final Color TEAL = new Color(0x00a0a8);
  private static final Color RED = new Color(0xc62828);

  private static final Map<String, Palette> BY_ALLOCATOR =
      Map.ofEntries(
          Map.entry("twofold", solid(BLUE, THICK, SeriesMarkers.CIRCLE)),
          Map.entry("twofold-confined", dashed(BLUE, SeriesMarkers.SQUARE)),
          Map.entry("twofold-segment", dotted(BLUE, SeriesMarkers.DIAMOND)),
          Map.entry("netty-pooled", solid(ORANGE, THIN, SeriesMarkers.TRIANGLE_UP)),
          Map.entry("netty-pooled-tuned", dashed(ORANGE, SeriesMarkers.TRIANGLE_DOWN)),
          Map.entry("netty-adaptive", solid(BROWN, THIN, SeriesMarkers.TRIANGLE_UP)),
          Map.entry("netty-adaptive-tuned", dashed(BROWN, SeriesMarkers.TRIANGLE_DOWN)),
          Map.entry("arrow", solid(PURPLE, THIN, SeriesMarkers.DIAMOND)),
          Map.entry("arena-confined", solid(GREY, THIN, SeriesMarkers.SQUARE)),
          Map.entry("glibc", solid(GREEN, THIN, SeriesMarkers.CIRCLE)),
          Map.entry("mimalloc", solid(TEAL, THIN, SeriesMarkers.SQUARE)),
          Map.entry("jemalloc", solid(RED, THIN, SeriesMarkers.DIAMOND)));

  private static final List<Color> SEQUENCE =
      List.of(BLUE, ORANGE, GREEN, RED, PURPLE, TEAL, BROWN, GREY);

  private static final Palette OTHER = dotted(Color.BLACK, SeriesMarkers.CROSS);

  /** Returns how an allocator looks. */
  static Palette of(String allocator) {
    return BY_ALLOCATOR.getOrDefault(allocator, OTHER);
  }

  /** A line without a pattern. */
  static Palette solid(Color color, float width, Marker marker) {
    return new Palette(color, new BasicStroke(width), marker);
  }

  /** One of several looks for lines that are not of allocators, told apart by their number. */
  static Palette numbered(int number) {
    Color color = SEQUENCE.get(number % SEQUENCE.size());
    return number < SEQUENCE.size()
        ? solid(color, THIN, SeriesMarkers.CIRCLE)
        : dashed(color, SeriesMarkers.SQUARE);
  }

  /** The same without a mark at every point. */
  Palette withoutMarker() {
    return new Palette(color, stroke, SeriesMarkers.NONE);
  }

  private static Palette dashed(Color color, Marker marker) {
    return broken(color, marker, DASH, DASH / 2);
  }

  private static Palette dotted(Color color, Marker marker) {
    return broken(color, marker, THIN, THIN * 2);
  }

  private static Palette broken(Color color, Marker marker, float on, float off) {
    float[] pattern = {on, off};
    return new Palette(
        color,
        new BasicStroke(THIN, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, pattern, 0),
        marker);
  }
}
