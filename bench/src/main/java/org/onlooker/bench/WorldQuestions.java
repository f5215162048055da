package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;

/** Our own {@code questions.json}, as {@link World} describes it: taken as it stands. */
record WorldQuestions() implements QuestionSet {
  @Override
  public String shape() {
    return "a drawn world: an object with \"video\" and a list \"questions\"";
  }

  @Override
  public boolean recognises(JsonNode document) {
    return document.path("video").isTextual() && document.path("questions").isArray();
  }

  @Override
  public void read(JsonNode document, QuestionReading reading) {
    String video = document.path("video").asText();
    for (Entry question : Entry.flat(document.path("questions"))) {
      reading.take(() -> {
        question.text("question");
        question.text("task");
        question.seconds("askedAt");
        reading.add(video, question.node());
      });
    }
  }
}
