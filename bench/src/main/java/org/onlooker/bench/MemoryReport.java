package org.onlooker.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.onlooker.bench.MemoryAxis.Variant;

/** The variants of {@code bench memory} side by side, as a table or as lines of JSON. */
final class MemoryReport {
  /** Whose answers are compared. */
  static final String POLICY = "onlooker";

  /** Of accuracy at every age, against the evidence given with the question. */
  private static final double OF_ORACLE_MIN = 0.95;

  private static final List<Age> AGES = List.of(Age.values());
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What of a clip is memory: thumbnails and what is no clip's are apart. */
  private static final List<String> PARTS = List.of("blocks", "tokens", "key_means", "clips");

  private record Entry(String axis, Variant variant, AnsweredWorlds found) {}

  private final AnsweredWorlds standard;
  private final List<Entry> entries = new ArrayList<>();

  /** @param standard with the defaults */
  MemoryReport(AnsweredWorlds standard) {
    this.standard = standard;
    entries.add(new Entry("", Variant.DEFAULT, standard));
  }

  void add(MemoryAxis axis, Variant variant, AnsweredWorlds found) {
    entries.add(new Entry(axis.toString(), variant, found));
  }

  List<String> tableLines() {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(
        Locale.ROOT,
        "%-22s %6s %6s %6s %9s %9s %8s %7s %6s %6s",
        "variant",
        "tokens",
        "clips",
        "frames",
        "memory",
        "pictures",
        "first",
        "RssAnon",
        "all",
        "agrees"));
    lines.add(String.format(
        Locale.ROOT,
        "%-22s %6s %6s %6s %9s %9s %8s %7s %6s %6s",
        "",
        "kept",
        "kept",
        "/CPU s",
        "MB/h",
        "MB/h",
        "token ms",
        "MiB",
        "",
        "with default"));
    entries.forEach(entry -> lines.add(line(entry)));
    lines.add("");
    lines.add(ages("accuracy by age of evidence", age -> age.toString()));
    entries.forEach(entry ->
        lines.add(ages(name(entry), age -> accuracy(entry.found(), POLICY, age))));
    standard
        .answers()
        .keySet()
        .forEach(
            policy -> lines.add(ages("policy " + policy, age -> accuracy(standard, policy, age))));
    lines.add("");
    lines.addAll(goals());
    return lines;
  }

  private String line(Entry entry) {
    Measures m = entry.found().measures();
    Tally tally = entry.found().tally(POLICY);
    return String.format(
        Locale.ROOT,
        "%-22s %6.3f %6.3f %6.1f %9.2f %9.2f %8.1f %7d %6.3f %6.3f",
        name(entry),
        m.tokensKept() / (double) m.tokensSeen(),
        1 - m.repeats() / (double) m.clips(),
        m.frames() / m.cpuSeconds(),
        memoryBytesPerHour(m) / 1e6,
        bytesPerHour(m, List.of("thumbnails")) / 1e6,
        tally.firstTokenMedianMillis(),
        m.rssAnonBytes() >> 20,
        tally.accuracy(Row.ALL).value(),
        entry.found().agreement(POLICY, standard).value());
  }

  private static String name(Entry entry) {
    return entry.axis().isEmpty()
        ? entry.variant().name()
        : entry.axis() + " " + entry.variant().name();
  }

  private static double memoryBytesPerHour(Measures measures) {
    return bytesPerHour(measures, PARTS);
  }

  private static double bytesPerHour(Measures measures, List<String> families) {
    long bytes = families.stream()
        .mapToLong(f -> measures.fileBytes().getOrDefault(f, 0L))
        .sum();
    return bytes / measures.mediaSeconds() * 3600;
  }

  private interface Cell {
    String of(Age age);
  }

  private static String ages(String head, Cell cell) {
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-28s", head));
    AGES.forEach(age -> line.append(String.format(Locale.ROOT, " %12s", cell.of(age))));
    return line.toString();
  }

  private static String accuracy(AnsweredWorlds found, String policy, Age age) {
    Accuracy accuracy = found.tally(policy).accuracy(Row.of(age));
    return accuracy.count() == 0 ? "-" : String.format(Locale.ROOT, "%.3f", accuracy.value());
  }

  private List<String> goals() {
    List<String> lines = new ArrayList<>();
    for (Age age : AGES) {
      ofOracle(age)
          .ifPresent(ratio -> lines.add(String.format(
              Locale.ROOT,
              "%s of oracle, evidence %s: %.3f, goal >= %.2f %s",
              POLICY,
              age,
              ratio,
              OF_ORACLE_MIN,
              ratio >= OF_ORACLE_MIN ? "met" : "MISSED")));
    }
    return lines;
  }

  private Optional<Double> ofOracle(Age age) {
    Accuracy oracle = standard.tally("oracle").accuracy(Row.of(age));
    Accuracy ours = standard.tally(POLICY).accuracy(Row.of(age));
    return oracle.count() == 0 || oracle.value() == 0
        ? Optional.empty()
        : Optional.of(ours.value() / oracle.value());
  }

  List<String> jsonLines() {
    List<String> lines = new ArrayList<>();
    for (Entry entry : entries) {
      AnsweredWorlds found = entry.found();
      Measures m = found.measures();
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("tokens kept", m.tokensKept() / (double) m.tokensSeen());
      figures.put("clips kept", 1 - m.repeats() / (double) m.clips());
      figures.put("frames per CPU second", m.frames() / m.cpuSeconds());
      figures.put("memory bytes per hour", memoryBytesPerHour(m));
      figures.put("thumbnail bytes per hour", bytesPerHour(m, List.of("thumbnails")));
      figures.put("first token ms", found.tally(POLICY).firstTokenMedianMillis());
      figures.put("RssAnon bytes", (double) m.rssAnonBytes());
      figures.put("accuracy", found.tally(POLICY).accuracy(Row.ALL).value());
      figures.put("agreement", found.agreement(POLICY, standard).value());
      figures.forEach((figure, value) -> lines.add(json(entry, figure, value).toString()));
    }
    return lines;
  }

  private ObjectNode json(Entry entry, String figure, double value) {
    return JSON.createObjectNode()
        .put("bench", "memory")
        .put("figure", name(entry) + " " + figure)
        .put("value", value);
  }
}
