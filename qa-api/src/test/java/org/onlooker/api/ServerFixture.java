package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.onlooker.core.Backups;
import org.onlooker.core.BlindPolicy;
import org.onlooker.core.Commentary;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.KeepAll;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.MomentSearch;
import org.onlooker.core.OnlookerPolicy;
import org.onlooker.core.OraclePolicy;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.RecentPolicy;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.Stages;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Streams;
import org.onlooker.core.Tiers;
import org.onlooker.core.TimedQuestion;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.ScriptedEncoder;
import org.onlooker.testing.ScriptedLive;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.ScriptedSegments;
import org.onlooker.testing.ScriptedSource;
import org.onlooker.testing.TestClips;

/**
 * The real server over the real core, with scripted sources and a scripted model.
 *
 * <p>Sources: {@code test:six} gives six frames, half a second apart, and hangs; {@code test:away}
 * cannot be reached; anything else is refused as not allowed. The model says {@code A red square.}
 * word by word; with a gate, it takes one permit before each word.
 */
final class ServerFixture implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  static final String ANSWER = "A red square.";
  private static final List<String> ANSWER_WORDS = List.of("A ", "red ", "square.");
  final MemoryStore store = new HeapMemoryStore(1_000);
  final MemoryIndex index = new ExactMemoryIndex(TestClips.FINGERPRINT);
  final ScriptedSegments segments = new ScriptedSegments();
  final ScriptedLive live = new ScriptedLive();
  /** How far the server's clock is ahead. */
  volatile Duration ahead = Duration.ZERO;

  private final InstantSource clock = () -> Instant.now().plus(ahead);
  final Semaphore words;
  /** What Onlooker says on its own of each stream, once. */
  static final String REMARK = "Somebody is at the door.";

  final Commentary commentary;
  final Streams streams;
  final Path backupsFolder;
  final Backups backups;
  final QuestionAnswerer answerer;
  final MomentSearch search;
  final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final ApiServer server;
  final int port;
  final HttpClient http = HttpClient.newHttpClient();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Starts with a model that answers at once. */
  static ServerFixture start() throws Exception {
    return new ServerFixture(Integer.MAX_VALUE / 2, QuestionAnswerer.Limits.DEFAULT, ANSWER_WORDS);
  }

  /** Starts with a model that waits for {@link #words}. */
  static ServerFixture gated(QuestionAnswerer.Limits limits) throws Exception {
    return gated(limits, ANSWER_WORDS);
  }

  static ServerFixture gated(QuestionAnswerer.Limits limits, List<String> answer) throws Exception {
    return new ServerFixture(0, limits, answer);
  }

  private ServerFixture(int permits, QuestionAnswerer.Limits limits, List<String> answer)
      throws Exception {
    words = new Semaphore(permits);
    ScriptedModel model =
        new ScriptedModel(prompt -> new WordByWord(answer, words), tokens -> "A red square.");
    ModelSlots slots = new ModelSlots(2, clock);
    commentary = new Commentary(
        ScriptedModel.saying(REMARK),
        new ScriptedEncoder(),
        new KeepAll(),
        text -> new float[0],
        store,
        slots,
        clock);
    streams = watching(model, slots, commentary);
    streams.resume();
    answerer = new QuestionAnswerer(
        new QuestionAnswerer.Sources(
            store,
            index,
            model,
            text -> new float[0],
            (question, now, startTime, live, zone) -> aboutNow(question),
            streams::now,
            List.of(
                new OnlookerPolicy(), new RecentPolicy(), new OraclePolicy(), new BlindPolicy()),
            slots),
        limits,
        clock,
        ZoneOffset.UTC);
    search = new MomentSearch(store, index, text -> new float[0], model.card());
    backupsFolder = Files.createTempDirectory("backups");
    backups = new Backups(backupsFolder, store, segments, streams);
    server = new ApiServer(
        settings(),
        new Parts(
            streams,
            answerer,
            search,
            store,
            segments,
            live,
            commentary,
            backups,
            model.card(),
            meters,
            clock));
    parts.push(store);
    parts.push(commentary);
    parts.push(streams);
    parts.push(answerer);
    parts.push(server);
    port = server.start();
  }

  private Streams watching(ScriptedModel model, ModelSlots slots, Commentary commentary) {
    return new Streams(
        ServerFixture::source,
        segments,
        new Stages(
            new ScriptedEncoder(),
            new KeepAll(),
            model,
            store,
            index,
            Tiers.ofBlocks(Duration.ofHours(1)),
            slots,
            Optional.of(commentary)),
        clock,
        new Random(1));
  }

  private static Settings settings() {
    return new Settings(
        "127.0.0.1",
        0,
        Set.of("onlooker.example"),
        Set.of("https://onlooker.example"),
        Optional.empty(),
        "0.1.0-test");
  }

  private static TimedQuestion aboutNow(String question) {
    return new TimedQuestion(
        List.of(new TimedQuestion.Part.Words(question)),
        Optional.empty(),
        RecallQuery.Order.RELEVANCE,
        TimedQuestion.About.NOW);
  }

  private static FrameSource source(StreamSpec spec) throws SourceException {
    if (spec.source().equals("test:six")) {
      Instant connected = Instant.now();
      List<Frame> frames = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Frame frame = TestClips.frame(i * 0.5, 0xff0000);
        frames.add(frame.at(frame.pts(), connected.plusMillis(i * 500L)));
      }
      return new ScriptedSource(true, frames, ScriptedSource.Then.HANG);
    }
    if (spec.source().contains("away")) {
      return new AwaySource(spec.source());
    }
    throw new SourceException(
        SourceError.REFUSED, "source " + spec.source() + " is of a kind that is not allowed");
  }

  /** Adds the stream {@code id} of six frames and waits until two clips are in memory. */
  ServerFixture watching(String id) throws Exception {
    HttpResponse<String> added =
        post("/api/v1/streams", "{\"id\":\"" + id + "\",\"source\":\"test:six\"}");
    if (added.statusCode() != 201) {
      throw new AssertionError(added.body());
    }
    await(() -> store.nextSequence(new StreamId(id)) >= 2, "two clips of " + id);
    return this;
  }

  /** Tells a remark, as the commentary does. */
  void tellCommentary(ServerEvent event) {
    server
        .sessions()
        .orElseThrow()
        .tell(Subscriptions.COMMENTARY, event.body().path("stream").asText(), event);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return send(HttpRequest.newBuilder(uri(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> patch(String path, String body) throws Exception {
    return send(HttpRequest.newBuilder(uri(path))
        .header("Content-Type", "application/json")
        .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> delete(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).DELETE());
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
  }

  static ObjectNode json(HttpResponse<String> response) {
    return Json.read(response.body());
  }

  static String errorCode(HttpResponse<String> response) {
    return json(response).path("error").path("code").asText();
  }

  /** Waits for a state of another thread that has no event to wait for. */
  static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited " + PATIENCE + " in vain for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Override
  public void close() throws Exception {
    http.close();
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  /** The words of an answer; iterating waits for a permit before each. */
  private static final class WordByWord extends java.util.AbstractList<ScriptedModel.Step> {
    private final List<String> words;
    private final Semaphore gate;

    WordByWord(List<String> words, Semaphore gate) {
      this.words = words;
      this.gate = gate;
    }

    @Override
    public ScriptedModel.Step get(int index) {
      gate.acquireUninterruptibly();
      return new ScriptedModel.Step.Say(words.get(index));
    }

    @Override
    public int size() {
      return words.size();
    }
  }

  /** A source that cannot be reached. */
  private static final class AwaySource implements FrameSource {
    private final String address;

    AwaySource(String address) {
      this.address = address;
    }

    @Override
    public org.onlooker.core.SourceInfo open() throws SourceException {
      throw new SourceException(SourceError.CONNECTION, "nothing answers at " + address);
    }

    @Override
    public Optional<Frame> next() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
