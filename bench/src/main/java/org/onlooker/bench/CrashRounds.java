package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts the product on one data folder again and again, asks it without pause while it watches,
 * and kills it at random moments, a fifth of them while it starts.
 */
final class CrashRounds {
  private static final long START_MILLIS_MAX = 6_000;
  private static final long WATCH_MILLIS_MAX = 4_000;
  private static final int KILLED_AT_THE_START = 5; // one in so many
  private static final int THUMBNAILS_COMPARED = 3;
  private static final long POLL_NANOS = 40_000_000;
  private static final long ASK_NANOS = 5_000_000;
  private static final List<String> QUESTIONS = List.of(
      "What can you see now?",
      "When did you first see a dog?",
      "How often did you see a tree?",
      "What happened in the last minute?");

  private final Path root;
  private final Path folder;
  private final List<String> streams;
  private final Random random;
  private final Acknowledged acknowledged = new Acknowledged();
  private final Percentiles ready = new Percentiles();
  private final Percentiles answered = new Percentiles();
  private double firstReadyMillis;
  private double firstAnsweredMillis;
  private int rounds;
  private int killedAtTheStart;
  private long lost;
  private long wrong;
  private long answers;

  /** @param folder with {@code onlooker.yml}, which names the streams, and {@code data} */
  CrashRounds(Path root, Path folder, List<String> streams, Random random) {
    this.root = root;
    this.folder = folder;
    this.streams = streams;
    this.random = random;
  }

  void run(int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      try (ProductRun product = start()) {
        boolean early = random.nextInt(KILLED_AT_THE_START) == 0;
        if (early && i > 0 && i < count - 1) {
          LockSupport.parkNanos(random.nextLong(START_MILLIS_MAX) * 1_000_000);
          kill(product);
          killedAtTheStart++;
        } else {
          recover(product, i == 0);
          boolean last = i == count - 1; // leaves clips in the log
          watchAndKill(product, last ? WATCH_MILLIS_MAX : random.nextLong(WATCH_MILLIS_MAX));
        }
      }
      rounds++;
      if (rounds % 10 == 0) {
        System.err.println("onlooker: " + rounds + " of " + count + " kills");
      }
    }
  }

  private ProductRun start() throws IOException {
    return ProductRun.start(root, folder.resolve("data"), folder.resolve("onlooker.yml"));
  }

  /** Waits until it is ready and answers, and compares what it knows with what it told before. */
  private void recover(ProductRun product, boolean first) throws IOException {
    if (!product.awaitReady()) {
      throw new IOException("it does not start after " + rounds + " rounds: " + product.said());
    }
    double readyMillis = product.millisSinceStart();
    if (product.ask(streams.getFirst(), QUESTIONS.getFirst()).isEmpty()) {
      throw new IOException("no answer after " + rounds + " rounds");
    }
    double answeredMillis = product.millisSinceStart();
    if (first) {
      firstReadyMillis = readyMillis;
      firstAnsweredMillis = answeredMillis;
    } else {
      ready.add(readyMillis);
      answered.add(answeredMillis);
      compare(product);
    }
  }

  private void compare(ProductRun product) throws IOException {
    for (String stream : streams) {
      JsonNode status = product
          .get("/api/v1/streams/" + stream)
          .orElseThrow(() -> new IOException("stream " + stream + " is gone"));
      long through = Acknowledged.micros(status.path("storedThrough"));
      lost += acknowledged.ends(stream).stream().filter(end -> end > through).count();
      var newest = acknowledged.thumbnails(stream).descendingMap().entrySet().stream()
          .limit(THUMBNAILS_COMPARED)
          .toList();
      for (Map.Entry<Long, byte[]> told : newest) {
        byte[] now = thumbnail(product, stream, told.getKey()).orElse(new byte[0]);
        wrong += Arrays.equals(now, told.getValue()) ? 0 : 1;
      }
    }
  }

  private void kill(ProductRun product) throws IOException {
    if (!product.isAlive()) {
      throw new IOException("after " + rounds + " rounds it ended by itself: " + product.said());
    }
    product.kill();
  }

  /** Polls and asks for a while, until it is killed in the middle. */
  private void watchAndKill(ProductRun product, long millis)
      throws IOException, InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (String stream : streams) {
      threads.add(Thread.ofPlatform().start(() -> ask(product, stream)));
    }
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      streams.forEach(stream -> poll(product, stream));
      LockSupport.parkNanos(POLL_NANOS);
    }
    kill(product);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void poll(ProductRun product, String stream) {
    product
        .get("/api/v1/streams/" + stream)
        .filter(status -> status.has("storedThrough"))
        .map(status -> Acknowledged.micros(status.path("storedThrough")))
        .filter(through -> acknowledged.stored(stream, through))
        .ifPresent(through -> thumbnail(product, stream, through)
            .ifPresent(jpeg -> acknowledged.thumbnail(stream, through, jpeg)));
  }

  /** Of the clip that ends there. */
  private static Optional<byte[]> thumbnail(ProductRun product, String stream, long end) {
    return product.bytes(
        "/api/v1/streams/" + stream + "/thumbnail.jpg?at=" + (end - 500_000) / 1e6);
  }

  private void ask(ProductRun product, String stream) {
    for (int i = 0; product.isAlive(); i++) {
      Optional<JsonNode> answer = product.ask(stream, QUESTIONS.get(i % QUESTIONS.size()));
      answer.ifPresent(this::note);
      LockSupport.parkNanos(ASK_NANOS);
    }
  }

  private synchronized void note(JsonNode answer) {
    answers++;
    acknowledged.cited(answer);
  }

  Acknowledged acknowledged() {
    return acknowledged;
  }

  /** What the rounds have shown, with what was read of the memory after them. */
  CrashReport.Crashes report(StoredMemory memory) {
    return new CrashReport.Crashes(
        rounds,
        killedAtTheStart,
        answers,
        streams.stream().mapToLong(stream -> acknowledged.ends(stream).size()).sum(),
        lost + memory.lost(acknowledged, streams),
        wrong + memory.otherThan(acknowledged, streams),
        memory.torn() + memory.damaged(),
        memory.clips().size(),
        new CrashReport.Recovery(firstReadyMillis, ready),
        new CrashReport.Recovery(firstAnsweredMillis, answered));
  }
}
