package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.onlooker.core.Answer;
import org.onlooker.core.AnswerListener;
import org.onlooker.core.AnswerSink;
import org.onlooker.core.Citation;
import org.onlooker.core.ContextItem;
import org.onlooker.core.Generation;
import org.onlooker.core.KeepAll;
import org.onlooker.core.LanguageModel;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.ModelCard;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.OnlookerPolicy;
import org.onlooker.core.Pace;
import org.onlooker.core.Prompt;
import org.onlooker.core.Question;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.Refused;
import org.onlooker.core.Stages;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamState;
import org.onlooker.core.Streams;
import org.onlooker.core.Tiers;
import org.onlooker.core.WatchWindow;
import org.onlooker.ingest.FfmpegNatives;
import org.onlooker.ingest.RecordedSegments;
import org.onlooker.ingest.SourceCatalog;
import org.onlooker.language.onnx.OnnxLanguageModel;
import org.onlooker.memory.Fp16BlockCodec;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.retrieval.EnglishTimes;
import org.onlooker.retrieval.LuceneMemoryIndex;
import org.onlooker.vision.onnx.OnnxTextEmbedder;
import org.onlooker.vision.onnx.OnnxVisualEncoder;

/**
 * A world watched to its end by the product's own parts, blocks kept as fp16, and its questions,
 * each of whose contexts goes through {@link CodecTrial}s before it is answered.
 */
final class WatchedWorld implements AutoCloseable {
  private static final StreamId STREAM = new StreamId("world");
  private static final int QUESTIONS_TOLD = 50;

  private final World world;
  private final Set<Long> endIds;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final RocksMemoryStore store;
  private final OnnxLanguageModel model;
  private final QuestionAnswerer answerer;
  private final Streams streams;
  private Collection<CodecTrial> trials = List.of();

  private WatchedWorld(World world, ModelPack pack, Path folder, Path natives) throws IOException {
    FfmpegNatives.unpackTo(natives);
    this.world = world;
    this.endIds = pack.decoder().endIds();
    RocksOptions options = RocksOptions.defaults().withCodec(new Fp16BlockCodec());
    this.store = own(RocksMemoryStore.open(folder.resolve("memory"), natives, options));
    ExecutionProvider cpu = ExecutionProvider.CPU;
    var encoder = own(OnnxVisualEncoder.load(pack, cpu, 1));
    this.model = own(OnnxLanguageModel.load(pack, cpu, 1));
    var embedder = own(OnnxTextEmbedder.load(pack, cpu, 1));
    var index = own(LuceneMemoryIndex.open(folder.resolve("index"), model.card().fingerprint()));
    Clock clock = Clock.systemUTC();
    var segments = own(
        RecordedSegments.open(folder.resolve("segments"), new RecordedSegments.Options(false, 0)));
    var sources =
        new SourceCatalog(List.of(world.video().getParent()), encoder.pictures(), clock, segments);
    ModelSlots slots = new ModelSlots(1, clock);
    Tiers tiers = Tiers.ofBlocks(Duration.ofDays(1));
    Stages stages =
        new Stages(encoder, new KeepAll(), model, store, index, tiers, slots, Optional.empty());
    this.streams = own(new Streams(sources, segments, stages, clock, new Random(1)));
    this.answerer = own(new QuestionAnswerer(
        new QuestionAnswerer.Sources(
            store,
            index,
            new Tried(),
            embedder,
            new EnglishTimes(),
            streams::now,
            List.of(new OnlookerPolicy()),
            slots),
        QuestionAnswerer.Limits.DEFAULT,
        clock,
        ZoneOffset.UTC));
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  static WatchedWorld watch(World world, ModelPack pack, Path folder, Path natives)
      throws Exception {
    WatchedWorld watched = new WatchedWorld(world, pack, folder, natives);
    watched.streams.add(new StreamSpec(
        STREAM,
        world.video().toString(),
        StreamSpec.DEFAULT_FPS,
        Optional.empty(),
        Pace.FAST,
        false));
    while (!watched.streams.isWatchedToItsEnd(STREAM)) {
      var status = watched.streams.status(STREAM).orElseThrow();
      if (status.state() == StreamState.ERROR) {
        watched.close();
        throw new IOException(
            world.video() + " is not watched: " + status.reason().orElse("?"));
      }
      LockSupport.parkNanos(20_000_000);
    }
    return watched;
  }

  MemoryStore store() {
    return store;
  }

  StreamId stream() {
    return STREAM;
  }

  /** Asks at most so many questions, evenly, those of no conversation; returns how many. */
  int ask(int most, Collection<CodecTrial> tried) throws Refused {
    trials = tried;
    Instant start = streams.status(STREAM).orElseThrow().startTime();
    int asked = 0;
    for (JsonNode question : World.some(world.questionsAlone().toList(), most)) {
      long micros = Math.round(question.path("askedAt").asDouble() * 1e6);
      Instant asOf = start.plusNanos(micros * 1_000);
      CompletableFuture<Answer> done = new CompletableFuture<>();
      answerer.ask(
          new Question(
              STREAM, question.path("question").asText(), Optional.of(asOf), Optional.empty()),
          new Ended(done));
      Answer answer = done.join();
      if (answer.status() != Answer.Status.COMPLETED) {
        throw new IllegalStateException(
            answer.question() + ": " + answer.reason().orElse("?"));
      }
      if (++asked % QUESTIONS_TOLD == 0) {
        System.err.println(asked + " questions of " + world.video());
      }
    }
    return asked;
  }

  /** The model, which lets the trials see each prompt first. */
  private final class Tried implements LanguageModel {
    @Override
    public ModelCard card() {
      return model.card();
    }

    @Override
    public WatchWindow openWindow() {
      return model.openWindow();
    }

    @Override
    public Optional<float[][]> queries(List<ContextItem> context, List<QuestionPart> question) {
      return model.queries(context, question);
    }

    @Override
    public String caption(List<ContextItem> clips) {
      return model.caption(clips);
    }

    @Override
    public double perplexity(List<ContextItem> clips, String said) {
      return model.perplexity(clips, said);
    }

    @Override
    public Generation answer(Prompt prompt, AnswerSink sink) {
      CodecTrial.Reference reference = CodecTrial.reference(model, prompt, endIds);
      trials.forEach(trial -> trial.follow(model, prompt, reference));
      return new Generation(0, 0, reference.tokens().size(), 0, Generation.End.STOP);
    }

    @Override
    public void close() {}
  }

  private record Ended(CompletableFuture<Answer> end) implements AnswerListener {
    @Override
    public void delta(String text) {}

    @Override
    public void citation(Citation citation) {}

    @Override
    public void done(Answer answer) {
      end.complete(answer);
    }
  }

  @Override
  public void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }
}
