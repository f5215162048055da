package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.onlooker.core.Answer;
import org.onlooker.core.AnswerListener;
import org.onlooker.core.Citation;

/** Keeps what is heard of one answer; {@code done} twice fails the test. */
final class Heard implements AnswerListener {
  final List<String> deltas = new ArrayList<>();
  final List<Citation> citations = new ArrayList<>();
  private final CompletableFuture<Answer> done = new CompletableFuture<>();

  @Override
  public void delta(String text) {
    deltas.add(text);
  }

  @Override
  public void citation(Citation citation) {
    citations.add(citation);
  }

  @Override
  public void done(Answer answer) {
    assertThat(done.complete(answer)).as("done is heard once").isTrue();
  }

  Answer answer() {
    return done.orTimeout(20, TimeUnit.SECONDS).join();
  }
}
