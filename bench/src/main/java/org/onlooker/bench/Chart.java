package org.onlooker.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A plain chart of one curve, as SVG; both axes begin at zero.
 *
 * @param points x and y, by x
 * @param isLine whether the points are joined
 */
record Chart(String title, String below, List<double[]> points, boolean isLine) {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 240;
  private static final int LEFT = 56;
  private static final int TOP = 32;
  private static final int BOTTOM = 40;
  private static final int RIGHT = 16;
  private static final int STEPS = 4;

  /** The charts one below the other. */
  static String svg(List<Chart> charts) {
    StringBuilder svg = new StringBuilder(String.format(
        Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\" fill=\"#444\">%n"
            + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
        WIDTH,
        HEIGHT * charts.size()));
    for (int i = 0; i < charts.size(); i++) {
      svg.append("<g transform=\"translate(0,").append(i * HEIGHT).append(")\">\n");
      svg.append(charts.get(i).content()).append("</g>\n");
    }
    return svg.append("</svg>\n").toString();
  }

  private String content() {
    double right = roundedUp(most(point -> point[0]));
    double top = roundedUp(most(point -> point[1]));
    StringBuilder svg = new StringBuilder(text(LEFT, 18, "start", title));
    for (int step = 0; step <= STEPS; step++) {
      double share = step / (double) STEPS;
      double y = y(share);
      double x = x(share);
      svg.append(String.format(
          Locale.ROOT, "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>%n", LEFT, y, WIDTH - RIGHT));
      svg.append(text(LEFT - 6, y + 4, "end", number(share * top)));
      svg.append(text(x, HEIGHT - BOTTOM + 16, "middle", number(share * right)));
    }
    svg.append(text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", below));
    String drawn = points.stream()
        .map(point -> isLine
            ? String.format(Locale.ROOT, "%.1f,%.1f", x(point[0] / right), y(point[1] / top))
            : String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"#0a6\"/>",
                x(point[0] / right),
                y(point[1] / top)))
        .collect(Collectors.joining(" "));
    svg.append(
        isLine
            ? "<polyline points=\"" + drawn + "\" fill=\"none\" stroke=\"#0a6\"/>\n"
            : drawn + "\n");
    return svg.toString();
  }

  private double most(ToDoubleFunction<double[]> value) {
    return points.stream().mapToDouble(value).max().orElse(1);
  }

  /** To the next of 1, 2, 4 or 8 times a power of ten, so that quarters of it read well. */
  private static double roundedUp(double most) {
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    for (int factor = 1; factor < 10; factor *= 2) {
      if (most <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static double x(double share) {
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double share) {
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String text(double x, double y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
        x,
        y,
        anchor,
        text);
  }
}
