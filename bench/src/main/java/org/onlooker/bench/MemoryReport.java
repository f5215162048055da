package org.onlooker.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.onlooker.bench.MemoryAxis.Variant;
import org.onlooker.core.Tiers;

/** The variants of {@code bench memory} side by side, as a table or as lines of JSON. */
final class MemoryReport {
  /** Whose answers are compared. */
  static final String POLICY = "onlooker";

  private static final double TIERS_LEAST = 20;
  private static final String ORACLE = "oracle";
  private static final String RECENT = "recent";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One thing measured of every variant. */
  private record Column(
      String figure, String unit, int decimals, ToDoubleFunction<AnsweredWorlds> value) {
    String cell(AnsweredWorlds found) {
      return number(value.applyAsDouble(found), decimals);
    }
  }

  /**
   * Something to reach.
   *
   * @param reference beside which {@code value} stands
   */
  private record Goal(
      String figure, double value, String comparedWith, double reference, double least) {
    double ratio() {
      return value / reference;
    }

    boolean isMet() {
      return ratio() >= least;
    }
  }

  private record Entry(String axis, Variant variant, AnsweredWorlds found) {
    String name() {
      return axis.isEmpty() ? variant.name() : axis + " " + variant.name();
    }
  }

  private final AnsweredWorlds standard;
  private final TierMix mix;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Column> columns = List.of(
      new Column("tokens kept", "share", 3, f -> f.measures().tokensKeptShare()),
      new Column("clips kept", "share", 3, f -> f.measures().clipsKeptShare()),
      new Column(
          "frames", "1/CPU s", 1, f -> f.measures().frames() / f.measures().cpuSeconds()),
      new Column("memory", "MB/h", 2, f -> f.measures().memoryBytesPerHour() / 1e6),
      new Column("thumbnails", "MB/h", 2, f -> f.measures().thumbnailBytesPerHour() / 1e6),
      new Column("first token", "ms", 1, f -> f.tally(POLICY).firstTokenMedianMillis()),
      new Column("RssAnon", "MiB", 0, f -> f.measures().rssAnonBytes() / (double) (1 << 20)),
      new Column("accuracy", "share", 3, f -> f.tally(POLICY).accuracy(Row.ALL).value()),
      new Column("agreement", "share", 3, this::agreement));

  /**
   * @param standard with the defaults
   * @param tiers the default ages
   */
  MemoryReport(AnsweredWorlds standard, Tiers tiers) {
    this.standard = standard;
    this.mix = new TierMix(standard.measures(), tiers);
    entries.add(new Entry("", Variant.DEFAULT, standard));
  }

  void add(MemoryAxis axis, Variant variant, AnsweredWorlds found) {
    entries.add(new Entry(axis.toString(), variant, found));
  }

  private double agreement(AnsweredWorlds found) {
    return found.agreement(POLICY, standard).value();
  }

  List<String> tableLines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("variant", columns, Column::figure));
    lines.add(line("", columns, Column::unit));
    for (Entry entry : entries) {
      AnsweredWorlds found = entry.found();
      lines.add(line(entry.name(), columns, column -> column.cell(found)));
    }
    lines.add("agreement: answers with the default's words, or both right");
    lines.add(mix.line());
    lines.add("");
    List<Age> ages = List.of(Age.values());
    lines.add(line("accuracy by age of evidence", ages, Age::toString));
    for (Entry entry : entries) {
      lines.add(line(entry.name(), ages, age -> accuracy(entry.found(), POLICY, age)));
    }
    for (String policy : standard.answers().keySet()) {
      lines.add(line("policy " + policy, ages, age -> accuracy(standard, policy, age)));
    }
    lines.add("");
    goals()
        .forEach(goal -> lines.add(String.format(
            Locale.ROOT,
            "%-44s %.3f, %s %.3f: ratio %.3f, goal >= %.2f %s",
            goal.figure(),
            goal.value(),
            goal.comparedWith(),
            goal.reference(),
            goal.ratio(),
            goal.least(),
            goal.isMet() ? "met" : "MISSED")));
    return lines;
  }

  private static <T> String line(String head, List<T> cells, Function<T, String> text) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-28s", head));
    cells.forEach(cell -> line.append(String.format(Locale.ROOT, " %12s", text.apply(cell))));
    return line.toString();
  }

  private static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String accuracy(AnsweredWorlds found, String policy, Age age) {
    Accuracy accuracy = found.tally(policy).accuracy(Row.of(age));
    return accuracy.count() == 0 ? "-" : number(accuracy.value(), 3);
  }

  private List<Goal> goals() {
    List<Goal> goals = new ArrayList<>();
    for (Age age : Age.values()) {
      beside("accuracy, evidence " + age, Row.of(age), ORACLE, 0.95).ifPresent(goals::add);
    }
    beside("accuracy about now", Row.of("now"), RECENT, 1).ifPresent(goals::add);
    Proportion held = standard.tally(POLICY).evidenceHeld(Row.ALL);
    goals.add(new Goal("evidence in the context", held.value(), "all", 1, 0.95));
    goals.add(new Goal(
        "fp16 keys and values, MB in 24 h",
        mix.fp16Bytes() / 1e6,
        "kept by age",
        mix.bytes() / 1e6,
        TIERS_LEAST));
    for (Entry entry : entries) {
      if (entry.axis().equals(MemoryAxis.TIER.toString())) {
        String figure = "answers, " + entry.variant().name();
        goals.add(new Goal(figure, agreement(entry.found()), "all", 1, 0.99));
      }
      if (entry.variant().name().equals("off")) {
        goals.add(new Goal(
            "memory, MB/h without reduction",
            entry.found().measures().memoryBytesPerHour() / 1e6,
            "default",
            standard.measures().memoryBytesPerHour() / 1e6,
            2));
        goals.add(
            new Goal("answers as without reduction", agreement(entry.found()), "all", 1, 0.99));
      }
    }
    return goals;
  }

  private Optional<Goal> beside(String figure, Row row, String policy, double least) {
    Accuracy reference = standard.tally(policy).accuracy(row);
    Accuracy ours = standard.tally(POLICY).accuracy(row);
    return reference.count() == 0 || reference.value() == 0
        ? Optional.empty()
        : Optional.of(new Goal(figure, ours.value(), policy, reference.value(), least));
  }

  List<String> jsonLines() {
    List<String> lines = new ArrayList<>();
    for (Entry entry : entries) {
      for (Column column : columns) {
        double value = column.value().applyAsDouble(entry.found());
        double reference = column.value().applyAsDouble(standard);
        lines.add(json(entry.name() + " " + column.figure(), value, "default", reference)
            .put("unit", column.unit())
            .toString());
      }
    }
    for (Goal goal : goals()) {
      lines.add(json(goal.figure(), goal.value(), goal.comparedWith(), goal.reference())
          .put("goal", goal.least())
          .put("met", goal.isMet())
          .toString());
    }
    return lines;
  }

  private static ObjectNode json(
      String figure, double value, String comparedWith, double reference) {
    return JSON.createObjectNode()
        .put("bench", "memory")
        .put("figure", figure)
        .put("value", value)
        .put("comparedWith", comparedWith)
        .put("reference", reference)
        .put("ratio", reference == 0 ? null : (Double) (value / reference));
  }
}
