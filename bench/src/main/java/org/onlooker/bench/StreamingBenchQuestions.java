package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * StreamingBench (arXiv 2411.03628): a list of video parts, or lists of them, each {@code
 * {"video_path", "questions": [{"task_type", "question", "time_stamp": "HH:MM:SS", "options",
 * "answer": "A"}]}}; times count from the start of the video. The variants grouped by video
 * ("stream") have the same fields.
 *
 * <p>As its authors do, a sequential question is given the earlier ones of its video with their
 * right answers. Proactive questions ask when to speak, which no question at a given time can test.
 */
record StreamingBenchQuestions() implements QuestionSet {
  private static final String PROACTIVE = "Proactive Output";
  private static final String SEQUENTIAL = "Sequential Question Answering";
  private static final Set<String> WITH_SOUND = Set.of(
      "Emotion Recognition",
      "Scene Understanding",
      "Source Discrimination",
      "Multimodal Alignment");

  @Override
  public String shape() {
    return "StreamingBench: a list of objects with \"video_path\" and a list \"questions\" that"
        + " have a \"time_stamp\"";
  }

  @Override
  public boolean recognises(JsonNode document) {
    List<Entry> parts = document.isArray() ? Entry.flat(document) : List.of();
    if (parts.isEmpty() || !parts.getFirst().has("video_path")) {
      return false;
    }
    List<Entry> questions = Entry.flat(parts.getFirst().node().path("questions"));
    return !questions.isEmpty() && questions.getFirst().has("time_stamp");
  }

  @Override
  public void read(JsonNode document, QuestionReading reading) {
    Map<String, StringBuilder> told = new HashMap<>();
    for (Entry part : Entry.flat(document)) {
      reading.take(() -> {
        String video = part.text("video_path");
        StringBuilder before = told.computeIfAbsent(video, _ -> new StringBuilder());
        for (Entry question : part.entries("questions")) {
          reading.take(() -> read(video, question, before, reading));
        }
      });
    }
  }

  private static void read(
      String video, Entry question, StringBuilder told, QuestionReading reading)
      throws IOException {
    String task = question.text("task_type");
    if (task.equals(PROACTIVE) || question.has("ground_truth_time_stamp")) {
      reading.leaveOut(task + ", which asks when to speak");
      return;
    }
    String text = question.text("question");
    double askedAt = question.seconds("time_stamp");
    Optional<MultipleChoice> choice =
        MultipleChoice.lettered(text, question.texts("options"), question.text("answer"));
    if (choice.isEmpty()) {
      reading.leaveOut(task + ", whose answer names none of its options");
      return;
    }
    if (WITH_SOUND.contains(task)) {
      reading.note("of " + task + ", whose sound is not heard");
    }
    boolean sequential = task.equals(SEQUENTIAL);
    String before = sequential ? told.toString() : "";
    reading.add(video, task, askedAt, choice.get().after(before));
    if (sequential) {
      told.append(text).append(' ').append(choice.get().rightOption()).append('\n');
    }
  }
}
