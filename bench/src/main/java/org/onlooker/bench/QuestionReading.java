package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.onlooker.core.Question;
import org.onlooker.core.StreamId;

/** Gathers the questions of one file by video, and counts those that are left out, with why. */
final class QuestionReading {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StreamId ANY = new StreamId("any");
  private static final int NAMED_MAX = 10;

  private final Map<String, List<JsonNode>> byVideo = new LinkedHashMap<>();
  private final Map<String, Integer> leftOut = new TreeMap<>();
  private final Map<String, Integer> notes = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private int missingQuestions;

  /** Part of a reading that fails on an entry it cannot use, naming it and why. */
  interface Step {
    void run() throws IOException;
  }

  /** Runs {@code step}; published files have slips, and one entry must not cost the others. */
  void take(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      broken.add("left out: " + e.getMessage());
    }
  }

  /** A question as a world has it. */
  void add(String video, JsonNode question) {
    byVideo.computeIfAbsent(video, _ -> new ArrayList<>()).add(question);
  }

  void add(String video, String task, double askedAt, PublishedQuestion question) {
    add(video, task, askedAt, question, List.of());
  }

  /** @param evidence start and end of what it asks about in seconds, or nothing */
  void add(
      String video,
      String task,
      double askedAt,
      PublishedQuestion question,
      List<Double> evidence) {
    int number = byVideo.getOrDefault(video, List.of()).size() + 1;
    ObjectNode node =
        JSON.createObjectNode().put("id", "q" + number).put("task", task).put("askedAt", askedAt);
    question.writeTo(node);
    node.putArray("accepted");
    node.putArray("evidence");
    if (!evidence.isEmpty()) {
      evidence.forEach(node.withArray("/evidence/0")::add);
    }
    if (isTaken(node.path("question").asText())) {
      add(video, node);
    } else {
      leaveOut(task + ", longer than the questions that are taken");
    }
  }

  private static boolean isTaken(String text) {
    try {
      return !Question.of(ANY, text).text().isEmpty();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  void leaveOut(String why) {
    leftOut.merge(why, 1, Integer::sum);
  }

  /** Says something of one more question that is not left out. */
  void note(String what) {
    notes.merge(what, 1, Integer::sum);
  }

  /** The videos that are found, each with its questions in the order of their times. */
  List<World> worlds(Function<String, Optional<Path>> finder) {
    List<World> worlds = new ArrayList<>();
    byVideo.forEach((video, questions) -> {
      Optional<Path> file = finder.apply(video);
      if (file.isPresent()) {
        List<JsonNode> inTime = new ArrayList<>(questions);
        inTime.sort(
            Comparator.comparingDouble(question -> question.path("askedAt").asDouble()));
        worlds.add(new World(file.get(), inTime));
      } else {
        missing.add("video " + video + " is not there; left out: " + count(questions.size()));
        missingQuestions += questions.size();
      }
    });
    return worlds;
  }

  /** What is left out, one line for each reason, and what else is to be known. */
  List<String> remarks() {
    List<String> lines = new ArrayList<>();
    leftOut.forEach((why, count) -> lines.add(count(count) + " left out: " + why));
    notes.forEach((what, count) -> lines.add(count(count) + " " + what));
    broken.stream().limit(NAMED_MAX).forEach(lines::add);
    if (broken.size() > NAMED_MAX) {
      lines.add("and so are others: " + broken.size() + " entries cannot be read in all");
    }
    missing.stream().limit(NAMED_MAX).forEach(lines::add);
    if (missing.size() > NAMED_MAX) {
      lines.add("and so are other videos: " + missing.size() + " are missing in all, with "
          + count(missingQuestions));
    }
    return lines;
  }

  private static String count(int questions) {
    return questions == 1 ? "1 question" : questions + " questions";
  }
}
