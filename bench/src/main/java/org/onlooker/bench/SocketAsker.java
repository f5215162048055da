package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks over one WebSocket, one question after the other, with pauses as a person makes them. Some
 * answers it cuts itself off from in the middle, and resumes.
 */
final class SocketAsker implements Runnable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PAUSE_MILLIS_MAX = 8_000;
  private static final int CUT = 10; // one answer in so many
  private final HttpClient http;
  private final URI address;
  private final List<String> questions;
  private final List<String> streams;
  private final Random random;
  private final Supplier<SocketTally> tally;
  private EventSocket socket;
  private String session;
  private long lastSeq;
  private volatile boolean stopped;
  private int asked;

  /** @param tally to note in, which may change while it runs */
  SocketAsker(
      HttpClient http,
      URI address,
      List<String> questions,
      List<String> streams,
      Random random,
      Supplier<SocketTally> tally)
      throws IOException, InterruptedException {
    this.http = http;
    this.address = address;
    this.questions = questions;
    this.streams = streams;
    this.random = random;
    this.tally = tally;
    this.socket = new EventSocket(http, address);
    this.session = next()
        .orElseThrow(() -> new IOException("no session.created"))
        .path("session_id")
        .asText();
  }

  /** Ends after the question under way. */
  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MILLIS_MAX));
        ask();
      }
    } catch (IOException | RuntimeException e) {
      tally.get().lost(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socket.close();
    }
  }

  private void ask() throws IOException, InterruptedException {
    SocketTally noting = tally.get();
    String id = "q" + asked++;
    String question = questions.get(random.nextInt(questions.size()));
    String stream = streams.get(random.nextInt(streams.size()));
    long start = System.nanoTime();
    socket.send(Map.of("type", "question.create", "id", id, "stream", stream, "text", question));
    StringBuilder text = new StringBuilder();
    double firstToken = 0;
    boolean cuts = random.nextInt(CUT) == 0;
    while (true) {
      Optional<JsonNode> event = next();
      if (event.isEmpty()) {
        noting.lost("nothing came after \"" + text + "\" for " + question);
        return;
      }
      switch (event.get().path("type").asText()) {
        case "answer.delta" -> {
          firstToken = firstToken > 0 ? firstToken : (System.nanoTime() - start) / 1e6;
          text.append(event.get().path("text").asText());
          if (cuts) {
            cuts = false;
            noting.cut();
            resume();
          }
        }
        case "answer.done" -> {
          done(event.get().path("answer"), text.toString(), firstToken, noting);
          return;
        }
        case "error" -> {
          refused(event.get(), noting);
          return;
        }
        default -> {} // question.accepted, answer.citation, session.resumed
      }
    }
  }

  private Optional<JsonNode> next() throws InterruptedException {
    Optional<JsonNode> event = socket.next(PATIENCE);
    event.ifPresent(e -> lastSeq = e.path("seq").asLong());
    return event;
  }

  private void resume() throws IOException, InterruptedException {
    socket.close();
    socket = new EventSocket(http, address);
    if (socket.next(PATIENCE).isEmpty()) {
      throw new IOException("no session.created");
    }
    socket.send(Map.of("type", "session.resume", "session_id", session, "last_seq", lastSeq));
  }

  private static void done(JsonNode answer, String text, double firstToken, SocketTally noting) {
    if (!answer.path("status").asText().equals("completed")) {
      refused(answer, noting);
      return;
    }
    noting.answered(firstToken);
    if (!answer.path("answer").asText().strip().equals(text.strip())) {
      noting.torn("\"" + text + "\" is not " + answer.path("answer"));
    }
  }

  private static void refused(JsonNode said, SocketTally noting) {
    if (said.path("message").asText().isEmpty() && said.path("reason").asText().isEmpty()) {
      noting.lost("no reason in " + said);
    } else if (said.path("code").asText().startsWith("session_")) {
      noting.lost(said.path("message").asText());
    } else {
      noting.refused();
    }
  }
}
