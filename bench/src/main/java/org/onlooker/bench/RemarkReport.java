package org.onlooker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What {@link CommentaryBench} found, each figure beside a caption every five seconds. */
final class RemarkReport {
  private static final String NAME = "commentary";
  private static final String BASELINE = "a caption every 5 s";
  private static final double F1_MIN = 0.85;
  private static final double WRONG_MAX = 0.05;
  private static final double REPEATS_MAX = 0.2;
  private static final double LAG_SECONDS_MAX = 2;

  /** One world as it was told, and as the baseline tells it. */
  record Watched(RemarkScore said, RemarkScore captions) {}

  /**
   * A line of the report.
   *
   * @param atLeast whether the goal is the least that is good, not the most
   */
  private record Line(
      String figure,
      double value,
      String unit,
      double reference,
      Optional<Double> goal,
      boolean atLeast) {
    private boolean isMet() {
      return goal.map(g -> atLeast ? value >= g : value <= g).orElse(true);
    }

    String row() {
      return String.format(
          Locale.ROOT,
          "%-28s %8.3f %-6s %8.3f %s  %s",
          figure,
          value,
          unit,
          reference,
          BASELINE,
          goal.map(g -> (atLeast ? ">= " : "<= ") + g + (isMet() ? "  met" : "  MISSED"))
              .orElse(""));
    }

    String json() {
      double ratio = reference == 0 ? 0 : value / reference;
      return new Figure(NAME, figure, value, unit, BASELINE, reference, ratio, goal).json(isMet());
    }
  }

  private final List<Watched> worlds;
  private Optional<RemarkScore> live = Optional.empty();

  RemarkReport(List<Watched> worlds) {
    this.worlds = List.copyOf(worlds);
  }

  /** What was said in real time. */
  void add(RemarkScore inRealTime) {
    live = Optional.of(inRealTime);
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(line("F1 of events within 2 s", "", RemarkScore::f1, F1_MIN, true));
    lines.add(line("precision", "", RemarkScore::precision));
    lines.add(line("recall", "", RemarkScore::recall));
    lines.add(line("wrong sentences", "", RemarkScore::wrongShare, WRONG_MAX, false));
    lines.add(line("repeats", "/min", RemarkScore::repeatsPerMinute, REPEATS_MAX, false));
    lines.add(line("sentences", "/min", RemarkScore::sentencesPerMinute));
    live.ifPresent(score -> {
      double half = mean(watched -> watched.captions().lag(0.5));
      double most = mean(watched -> watched.captions().lag(0.95));
      lines.add(new Line("lag p50, real time", score.lag(0.5), "s", half, Optional.empty(), false));
      lines.add(new Line(
          "lag p95, real time", score.lag(0.95), "s", most, Optional.of(LAG_SECONDS_MAX), false));
      lines.add(live("F1, real time", "", score, RemarkScore::f1));
      lines.add(live("wrong sentences, real time", "", score, RemarkScore::wrongShare));
      lines.add(live("repeats, real time", "/min", score, RemarkScore::repeatsPerMinute));
    });
    return lines;
  }

  private Line live(
      String figure, String unit, RemarkScore score, ToDoubleFunction<RemarkScore> value) {
    double reference = mean(watched -> value.applyAsDouble(watched.captions()));
    return new Line(figure, value.applyAsDouble(score), unit, reference, Optional.empty(), false);
  }

  private Line line(String figure, String unit, ToDoubleFunction<RemarkScore> value) {
    return line(figure, unit, value, Optional.empty(), false);
  }

  private Line line(
      String figure,
      String unit,
      ToDoubleFunction<RemarkScore> value,
      double goal,
      boolean atLeast) {
    return line(figure, unit, value, Optional.of(goal), atLeast);
  }

  private Line line(
      String figure,
      String unit,
      ToDoubleFunction<RemarkScore> value,
      Optional<Double> goal,
      boolean atLeast) {
    return new Line(
        figure,
        mean(watched -> value.applyAsDouble(watched.said())),
        unit,
        mean(watched -> value.applyAsDouble(watched.captions())),
        goal,
        atLeast);
  }

  private double mean(ToDoubleFunction<Watched> value) {
    return worlds.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  List<String> tableLines() {
    int events =
        worlds.stream().mapToInt(watched -> watched.said().eventCount()).sum();
    String head = worlds.size() + " worlds, " + events + " events; real time: "
        + live.map(RemarkScore::eventCount).orElse(0) + " events";
    return Stream.concat(Stream.of(head), lines().stream().map(Line::row)).toList();
  }

  List<String> jsonLines() {
    return lines().stream().map(Line::json).toList();
  }

  List<String> wrong() {
    return worlds.stream().flatMap(watched -> watched.said().wrong().stream()).toList();
  }
}
