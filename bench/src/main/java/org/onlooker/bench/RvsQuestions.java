package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * RVS-Ego and RVS-Movie in the form that ReKV reads (arXiv 2503.00540): a list of {@code
 * {"video_id", "video_path", "conversations": [{"question", "answer", "start_time",
 * "end_time"}]}}. What it asks about lies between the two times (seconds), and it is asked at the
 * second. Sets of the same form with {@code "choices"} and {@code "question_type"} are multiple
 * choice, their answer being the text of one.
 */
record RvsQuestions() implements QuestionSet {
  private static final String OPEN = "open";

  @Override
  public String shape() {
    return "RVS: a list of objects with \"video_id\" or \"video_path\" and a list"
        + " \"conversations\"";
  }

  @Override
  public boolean recognises(JsonNode document) {
    JsonNode first = document.isArray() ? document.path(0) : document.path("none");
    return first.path("conversations").isArray()
        && (first.hasNonNull("video_path") || first.hasNonNull("video_id"));
  }

  @Override
  public void read(JsonNode document, QuestionReading reading) {
    for (Entry entry : Entry.flat(document)) {
      reading.take(() -> {
        String video = entry.text(entry.has("video_path") ? "video_path" : "video_id");
        for (Entry question : entry.entries("conversations")) {
          reading.take(() -> read(video, question, reading));
        }
      });
    }
  }

  private static void read(String video, Entry question, QuestionReading reading)
      throws IOException {
    String text = question.text("question");
    String answer = question.text("answer");
    double askedAt = question.seconds("end_time");
    double start = question.has("start_time") ? question.seconds("start_time") : askedAt;
    String task = question.has("question_type") ? question.text("question_type") : OPEN;
    if (!question.has("choices")) {
      reading.add(video, task, askedAt, new OpenQuestion(text, answer), List.of(start, askedAt));
      return;
    }
    Optional<MultipleChoice> choice =
        MultipleChoice.textual(text, question.texts("choices"), answer);
    if (choice.isPresent()) {
      reading.add(video, task, askedAt, choice.get(), List.of(start, askedAt));
    } else {
      reading.leaveOut(task + ", whose answer names none of its options");
    }
  }
}
