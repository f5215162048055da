package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What {@link EndlessBench} saw, each mark beside the first one. */
final class EndlessReport {
  private static final String NAME = "endless";
  private static final double FIRST_TOKEN_GOAL = 1.2;
  private static final double MEMORY_GOAL = 1.1;

  /**
   * The same questions asked when the stream was so long.
   *
   * @param seconds of the stream, when the last one was asked
   * @param answers documents of the API, question by question
   * @param rssAnonBytes behind them
   */
  record Mark(double seconds, List<JsonNode> answers, long rssAnonBytes) {
    Mark {
      answers = List.copyOf(answers);
    }

    private String name() {
      return String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }
  }

  /**
   * One question on the way.
   *
   * @param seconds of the stream, when it was asked
   */
  record Sample(double seconds, double firstTokenMillis, long rssAnonBytes) {
    static Sample of(double seconds, JsonNode answer) throws IOException {
      return new Sample(seconds, firstToken(answer), Measures.rssAnon());
    }
  }

  private final List<Mark> marks;
  private final List<Sample> samples;

  /** @param marks in the order of time, the one to compare with first */
  EndlessReport(List<Mark> marks, List<Sample> samples) {
    this.marks = marks;
    this.samples = samples;
  }

  private static double firstToken(JsonNode answer) {
    return answer.path("timings").path("firstTokenMillis").asDouble();
  }

  private List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    for (Mark mark : marks.subList(1, marks.size())) {
      figures.add(paired(
          mark, "first token", "ms", EndlessReport::firstToken, Optional.of(FIRST_TOKEN_GOAL)));
      figures.add(paired(
          mark,
          "recall",
          "ms",
          answer -> answer.path("timings").path("recallMillis").asDouble(),
          Optional.empty()));
      figures.add(paired(
          mark,
          "context",
          "tokens",
          answer -> answer.path("context").path("tokens").asDouble(),
          Optional.empty()));
      double mebibytes = mark.rssAnonBytes() / (double) (1 << 20);
      double before = marks.getFirst().rssAnonBytes() / (double) (1 << 20);
      figures.add(new Figure(
          NAME,
          "RssAnon, " + mark.name(),
          mebibytes,
          "MiB",
          marks.getFirst().name(),
          before,
          mebibytes / before,
          Optional.of(MEMORY_GOAL)));
    }
    return figures;
  }

  /** Medians over the questions, and the median of the ratios, question by question. */
  private Figure paired(
      Mark mark,
      String what,
      String unit,
      ToDoubleFunction<JsonNode> value,
      Optional<Double> goal) {
    PairedRuns runs = new PairedRuns();
    Mark first = marks.getFirst();
    for (int i = 0; i < mark.answers().size(); i++) {
      double reference = value.applyAsDouble(first.answers().get(i));
      runs.add(value.applyAsDouble(mark.answers().get(i)), Math.max(1e-3, reference));
    }
    return runs.figure(NAME, what + ", " + mark.name(), unit, first.name(), goal);
  }

  List<String> tableLines() {
    return figures().stream().map(Figure::row).toList();
  }

  List<String> jsonLines() {
    return figures().stream().map(Figure::json).toList();
  }

  /** Time to first token of single questions, and resident memory, over the hours. */
  String plot() {
    List<double[]> tokens = samples.stream()
        .map(sample -> new double[] {sample.seconds() / 3600, sample.firstTokenMillis()})
        .toList();
    List<double[]> memory = samples.stream()
        .map(sample -> new double[] {sample.seconds() / 3600, sample.rssAnonBytes() >> 20})
        .toList();
    return Chart.svg(Stream.of(
            new Chart("time to first token, ms", "hours of stream", tokens, false),
            new Chart("anonymous resident memory, MiB", "hours of stream", memory, true))
        .toList());
  }
}
