package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * OVO-Bench (CVPR 2025): a list of {@code {"id", "task", "video", "realtime": seconds, "question",
 * "options", "gt": index}}. Its forward tasks (REC, SSR, CRR, with {@code "test_info"}) ask the
 * same thing again and again until the model should answer, which tests when to speak.
 */
record OvoBenchQuestions() implements QuestionSet {
  @Override
  public String shape() {
    return "OVO-Bench: a list of objects with \"task\", \"video\" and \"realtime\" (or"
        + " \"test_info\")";
  }

  @Override
  public boolean recognises(JsonNode document) {
    JsonNode first = document.isArray() ? document.path(0) : document.path("none");
    return first.hasNonNull("task")
        && first.hasNonNull("video")
        && (first.hasNonNull("realtime") || first.hasNonNull("test_info"));
  }

  @Override
  public void read(JsonNode document, QuestionReading reading) {
    for (Entry entry : Entry.flat(document)) {
      reading.take(() -> read(entry, reading));
    }
  }

  private static void read(Entry entry, QuestionReading reading) throws IOException {
    String task = entry.text("task");
    if (entry.has("test_info")) {
      entry
          .entries("test_info")
          .forEach(_ -> reading.leaveOut(task + ", which asks when to speak"));
      return;
    }
    String video = entry.text("video");
    double askedAt = entry.seconds("realtime");
    List<String> options = entry.texts("options");
    Optional<MultipleChoice> choice =
        MultipleChoice.indexed(entry.text("question"), options, (int) entry.seconds("gt"));
    if (choice.isPresent()) {
      reading.add(video, task, askedAt, choice.get());
    } else {
      reading.leaveOut(task + ", whose answer names none of its options");
    }
  }
}
