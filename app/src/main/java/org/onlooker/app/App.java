package org.onlooker.app;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.onlooker.api.ApiServer;
import org.onlooker.api.Parts;
import org.onlooker.app.config.Config;
import org.onlooker.core.Backups;
import org.onlooker.core.BlindPolicy;
import org.onlooker.core.Commentary;
import org.onlooker.core.ContextPolicy;
import org.onlooker.core.FullPolicy;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.MomentSearch;
import org.onlooker.core.OnlookerPolicy;
import org.onlooker.core.OraclePolicy;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.RecentPolicy;
import org.onlooker.core.Refused;
import org.onlooker.core.RekvPolicy;
import org.onlooker.core.Retention;
import org.onlooker.core.SinksWindowPolicy;
import org.onlooker.core.Stages;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Streams;
import org.onlooker.core.TokenReducer;
import org.onlooker.core.UniformPolicy;
import org.onlooker.ingest.FfmpegNatives;
import org.onlooker.ingest.LiveChannels;
import org.onlooker.ingest.RecordedSegments;
import org.onlooker.ingest.SourceCatalog;
import org.onlooker.language.onnx.OnnxLanguageModel;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.Natives;
import org.onlooker.retrieval.EnglishTimes;
import org.onlooker.vision.Reducers;
import org.onlooker.vision.onnx.OnnxTextEmbedder;
import org.onlooker.vision.onnx.OnnxVisualEncoder;

/**
 * The whole product, put together in the order the data flows and closed in reverse, also when the
 * start fails midway. The first context policy is the default one.
 */
public final class App implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(App.class.getName());
  private static final List<ContextPolicy> POLICIES = List.of(
      new OnlookerPolicy(),
      new RecentPolicy(),
      new SinksWindowPolicy(),
      new UniformPolicy(),
      new FullPolicy(),
      RekvPolicy.byProduct(),
      RekvPolicy.byCosine(),
      new OraclePolicy(),
      new BlindPolicy());
  private static final int THREADS_MAX = 4;

  private final CloseStack parts = new CloseStack();
  private final Config config;
  private Streams streams;
  private QuestionAnswerer answerer;
  private Commentary commentary;
  private int port;

  private App(Config config) {
    this.config = config;
  }

  /** Starts everything; from the return on, the server answers and the streams are watched. */
  public static App start(Config config) throws StartException {
    App app = new App(config);
    try {
      app.build();
      return app;
    } catch (Refused | IOException | RuntimeException e) {
      app.close();
      throw StartFailure.of(e);
    }
  }

  private void build() throws Refused, IOException {
    Path natives = config.data().resolve("native");
    FfmpegNatives.unpackTo(natives);
    Natives.unpackTo(natives);
    ModelPack pack = ModelPack.read(config.model().pack());
    Storage storage = Storage.open(config, pack, natives);
    var store = parts.push(storage.store());

    int cores = Runtime.getRuntime().availableProcessors();
    int threads = Math.clamp(cores / 2, 1, THREADS_MAX);
    ExecutionProvider provider = ExecutionProvider.of(config.model().device());
    var encoder = parts.push(OnnxVisualEncoder.load(pack, provider, threads));
    var model = parts.push(OnnxLanguageModel.load(pack, provider, threads));
    var embedder = parts.push(OnnxTextEmbedder.load(pack, provider, threads));
    var index = parts.push(storage.openIndex(model.card().fingerprint()));

    long floor = FreeSpace.bytes(config.memory().freeSpaceFloorMegabytes());
    var segments = parts.push(RecordedSegments.open(
        config.data().resolve("segments"), new RecordedSegments.Options(storage.records(), floor)));
    Clock clock = Clock.systemUTC();
    LiveChannels live = new LiveChannels(clock);
    var sources =
        new SourceCatalog(config.sources().fileRoots(), encoder.pictures(), clock, segments, live);
    TokenReducer reducer = Reducers.of(config.memory().reducers(), pack.reduction());
    ModelSlots slots = new ModelSlots(cores, clock);
    commentary = parts.push(new Commentary(model, encoder, reducer, embedder, store, slots, clock));
    Stages stages = new Stages(
        encoder, reducer, model, store, index, storage.tiers(), slots, Optional.of(commentary));
    streams = parts.push(new Streams(sources, segments, stages, clock, new Random()));
    var backups = new Backups(config.data().resolve("backups"), store, segments, streams);
    backups.removeInterrupted();
    var retention = parts.push(new Retention(limits(), stages, segments, this::freeBytes, clock));
    answerer = parts.push(new QuestionAnswerer(
        new QuestionAnswerer.Sources(
            store, index, model, embedder, new EnglishTimes(), streams::now, POLICIES, slots),
        config.questions(),
        clock,
        ZoneId.systemDefault()));

    var search = new MomentSearch(store, index, embedder, model.card());
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    parts.push(meters::close);
    var served = new Parts(
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
        clock);
    var server = parts.push(new ApiServer(settings(), served));
    port = server.start();
    resume(retention);
    LOG.log(System.Logger.Level.INFO, "serving on {0}", address());
  }

  /** Goes on with what was watched before, and with what the configuration names. */
  private void resume(Retention retention) throws Refused {
    streams.resume();
    for (StreamSpec spec : config.streams()) {
      watch(spec);
    }
    if (config.memory().isOnDisk()) {
      retention.start();
    }
  }

  /** The oldest goes a little before nothing new could be written. */
  private Retention.Limits limits() {
    long floor = FreeSpace.bytes(config.memory().freeSpaceFloorMegabytes());
    long most = FreeSpace.bytes(config.memory().limitMegabytes());
    return new Retention.Limits(
        config.memory().age(),
        most == 0 ? OptionalLong.empty() : OptionalLong.of(most),
        floor + floor / 8);
  }

  private long freeBytes() {
    return FreeSpace.bytes(FreeSpace.megabytes(config.data()));
  }

  private org.onlooker.api.Settings settings() {
    Config.Server server = config.server();
    return new org.onlooker.api.Settings(
        server.host(),
        server.port(),
        Set.copyOf(server.allowedHosts()),
        Set.copyOf(server.allowedOrigins()),
        server.pageFolder(),
        Versions.own());
  }

  /** A stream of the configuration goes on where memory knows it, as it is configured now. */
  private void watch(StreamSpec spec) throws Refused {
    var known = streams.status(spec.id());
    if (known.isPresent() && !known.get().spec().equals(spec)) {
      streams.remove(spec.id(), false);
    }
    if (known.isEmpty() || !known.get().spec().equals(spec)) {
      streams.add(spec);
    }
  }

  /** The context policies that a question may name, the default one first. */
  public static List<String> policyNames() {
    return POLICIES.stream().map(ContextPolicy::name).toList();
  }

  /** Where the page and the API are. */
  public String address() {
    return "http://" + config.server().host() + ":" + port;
  }

  public Streams streams() {
    return streams;
  }

  public QuestionAnswerer answerer() {
    return answerer;
  }

  /** What Onlooker says on its own. */
  public Commentary commentary() {
    return commentary;
  }

  /** Ends the answers, finishes the clips in the making, commits, and gives everything back. */
  @Override
  public void close() {
    parts.close();
  }
}
