package org.onlooker.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Askers who ask the next question as soon as the last is answered, each of another stream, over
 * HTTP. Time to first token is theirs: from asking until its text is there, waiting in line
 * included. One who is refused asks again after a moment.
 */
final class RestlessAskers implements AutoCloseable {
  private static final int COMPLETED = 200;
  private static final int OVERLOADED = 503;
  private static final long REFUSED_PAUSE_MILLIS = 200;
  /** A prime, so that an asker goes through all streams and questions. */
  private static final int ASKED_APART = 17;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI address;
  private final List<String> questions;
  private final int streams;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Percentiles firstTokens = new Percentiles();
  private int answered;
  private int refused;
  private int failed;

  /** @param address of the server, as {@code http://127.0.0.1:7311} */
  RestlessAskers(HttpClient http, String address, List<String> questions, int streams, int askers) {
    this.http = http;
    this.address = URI.create(address + "/api/v1/questions");
    this.questions = questions;
    this.streams = streams;
    for (int i = 0; i < askers; i++) {
      int asker = i;
      threads.add(Thread.ofPlatform().daemon().name("asker-" + i).start(() -> ask(asker)));
    }
  }

  private void ask(int asker) {
    try {
      for (int i = asker; !isStopped(); i += ASKED_APART) {
        ask(LiveStreams.id(i % streams).value(), questions.get(i % questions.size()));
      }
    } catch (IOException e) {
      note(Outcome.FAILED, 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(String stream, String question) throws IOException, InterruptedException {
    String body = JSON.writeValueAsString(Map.of("stream", stream, "question", question));
    HttpRequest request = HttpRequest.newBuilder(address)
        .header("Content-Type", "application/json")
        .header("Accept", "text/event-stream")
        .POST(BodyPublishers.ofString(body))
        .build();
    long start = System.nanoTime();
    HttpResponse<Stream<String>> reply = http.send(request, BodyHandlers.ofLines());
    try (Stream<String> lines = reply.body()) {
      switch (reply.statusCode()) {
        case COMPLETED -> read(lines.iterator(), start);
        case OVERLOADED -> {
          note(Outcome.REFUSED, 0);
          stopped.await(REFUSED_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        default -> note(Outcome.FAILED, 0);
      }
    }
  }

  private void read(Iterator<String> lines, long start) {
    double firstToken = 0;
    boolean completed = false;
    while (lines.hasNext()) {
      String line = lines.next();
      if (firstToken == 0 && line.contains("\"answer.delta\"")) {
        firstToken = (System.nanoTime() - start) / 1e6;
      }
      completed |= line.contains("\"status\":\"completed\"");
    }
    note(completed && firstToken > 0 ? Outcome.ANSWERED : Outcome.FAILED, firstToken);
  }

  private enum Outcome {
    ANSWERED,
    REFUSED,
    FAILED
  }

  private synchronized void note(Outcome outcome, double firstToken) {
    switch (outcome) {
      case ANSWERED -> {
        answered++;
        firstTokens.add(firstToken);
      }
      case REFUSED -> refused++;
      case FAILED -> failed++;
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** What came of the questions, once the last is answered. */
  record Outcomes(int answered, int refused, int failed, double p50Millis, double p95Millis) {
    int asked() {
      return answered + refused + failed;
    }
  }

  Outcomes stop() throws InterruptedException {
    close();
    for (Thread thread : threads) {
      thread.join();
    }
    synchronized (this) {
      if (answered == 0) {
        throw new IllegalStateException(
            "none of " + (refused + failed) + " questions was answered");
      }
      return new Outcomes(answered, refused, failed, firstTokens.at(0.5), firstTokens.at(0.95));
    }
  }

  @Override
  public void close() {
    stopped.countDown();
  }
}
