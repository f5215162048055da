package org.onlooker.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Refused;
import org.onlooker.core.Subscription;

/**
 * The one port of Onlooker: page, REST, WebSocket, health and metrics.
 *
 * <p>Life cycle: 1. constructed (no I/O); 2. {@link #start} once; 3. {@link #close}, any number of
 * times, which ends open connections and stops their answers. The parts are closed by their owner,
 * after the server.
 */
public final class ApiServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ApiServer.class.getName());
  private static final int PATIENCE_SECONDS = 10;
  private static final int CALLS_AT_ONCE = 8;

  /** Cutting reads and writes much; other calls do not wait for it. */
  private static final int CUTS_AT_ONCE = 2;

  /** A search over many streams looks at much, too. */
  private static final int SEARCHES_AT_ONCE = 2;

  private static final int HEADER_BYTES_MAX = 16 * 1024;
  private final Settings settings;
  private final Parts parts;
  private volatile int boundPort;
  private volatile boolean ready;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private @Nullable Vertx vertx;
  private @Nullable Workers workers;
  private @Nullable Workers cutters;
  private @Nullable Workers searchers;
  private @Nullable Metrics metrics;
  private @Nullable Sessions sessions;
  private Optional<Subscription> listening = Optional.empty();

  public ApiServer(Settings settings, Parts parts) {
    this.settings = settings;
    this.parts = parts;
  }

  /**
   * Whether these settings are safe to serve.
   *
   * @throws Refused when other machines could reach the address, as long as there are no tokens
   */
  public static void check(Settings settings) throws Refused {
    try {
      for (InetAddress address : InetAddress.getAllByName(settings.host())) {
        if (!address.isLoopbackAddress()) {
          throw new Refused(
              Refused.Kind.FORBIDDEN,
              "host " + settings.host() + " can be reached from other machines, and this version "
                  + "has no access tokens: listen on 127.0.0.1 and reach it through an SSH tunnel");
        }
      }
    } catch (UnknownHostException e) {
      throw new Refused(
          Refused.Kind.INVALID,
          "host " + settings.host() + " is not an address of this machine: use 127.0.0.1");
    }
  }

  /**
   * Listens.
   *
   * @return the port, also when the settings left it open
   * @throws Refused as {@link #check}
   * @throws IOException when the port is taken
   */
  public synchronized int start() throws Refused, IOException {
    check(settings);
    Vertx started = Vertx.vertx(new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(2)
        .setFileSystemOptions(new FileSystemOptions()
            .setFileCachingEnabled(false)
            .setClassPathResolvingEnabled(false)));
    vertx = started;
    Router router = router(started);
    HttpServer server = started
        .createHttpServer(new HttpServerOptions()
            .setMaxHeaderSize(HEADER_BYTES_MAX)
            .setHttp2ClearTextEnabled(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(SocketDoor.FRAME_BYTES_MAX)
            .setMaxWebSocketMessageSize(SocketDoor.FRAME_BYTES_MAX)
            .setWebSocketSubProtocols(List.of(SocketDoor.SUB_PROTOCOL)))
        .requestHandler(router);
    try {
      boundPort = finished(server.listen(settings.port(), settings.host())).actualPort();
    } catch (IOException e) {
      close();
      throw e;
    }
    ready = true;
    return boundPort;
  }

  private Router router(Vertx started) {
    Workers calls = new Workers(started, "api-worker", CALLS_AT_ONCE);
    workers = calls;
    Workers cuts = new Workers(started, "api-cut", CUTS_AT_ONCE);
    cutters = cuts;
    Workers searches = new Workers(started, "api-search", SEARCHES_AT_ONCE);
    searchers = searches;
    Metrics meters = new Metrics(parts, settings.version());
    metrics = meters;
    MediaAddresses media = new MediaAddresses(parts.segments());
    RemarkJson remarks = new RemarkJson(media);
    AnswerJson documents = new AnswerJson(parts.store(), parts.segments());
    Asking asking = new Asking(parts.answerer(), calls, meters);
    StreamFeed feed = new StreamFeed(started, parts.streams(), calls);
    Guard guard = new Guard(() -> boundPort, settings.allowedHosts(), settings.allowedOrigins());
    endpoints.clear();
    endpoints.addAll(new StreamRoutes(parts.streams(), calls).endpoints());
    endpoints.addAll(new PictureRoutes(parts.streams(), parts.store(), calls).endpoints());
    endpoints.addAll(
        new LiveRoutes(started, parts.live(), parts.streams(), feed, calls, meters).endpoints());
    endpoints.addAll(
        new CommentaryRoutes(parts.streams(), parts.store(), remarks, calls).endpoints());
    endpoints.addAll(
        new FootageRoutes(started, parts.streams(), parts.segments(), cuts).endpoints());
    endpoints.addAll(
        new ConversationRoutes(parts.streams(), parts.store().conversations(), calls).endpoints());
    endpoints.addAll(
        new SearchRoutes(parts.streams(), parts.search(), new MomentJson(media), searches, meters)
            .endpoints());
    endpoints.addAll(new BackupRoutes(parts.backups(), calls).endpoints());
    endpoints.addAll(new SystemRoutes(parts, meters, calls, settings.version()).endpoints());
    endpoints.addAll(new QuestionRoutes(started, asking, documents, meters).endpoints());
    Sessions opened = new Sessions(
        started,
        new SocketSession.Services(
            asking, documents, feed, calls, meters, parts, settings.version()));
    sessions = opened;
    CommentaryFeed told = new CommentaryFeed(opened, remarks);
    listening = Optional.of(parts.commentary().listen(told));
    endpoints.addAll(new QuestionSocket(opened, meters).endpoints());
    endpoints.addAll(new ServiceRoutes(() -> ready, meters, settings.version(), calls).endpoints());
    return ApiRouter.build(started, guard, endpoints, new Page(settings.pageFolder(), calls));
  }

  /** The calls that are served, for the comparison with their description. */
  synchronized List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  /** The dialogues with clients, to tell them what other parts have to say. */
  synchronized Optional<Sessions> sessions() {
    return Optional.ofNullable(sessions);
  }

  private <T> T finished(Future<T> future) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BindException) {
        throw new IOException(
            "port " + settings.port() + " of " + settings.host()
                + " is in use: stop what runs there or choose another port",
            e.getCause());
      }
      throw new IOException("the server cannot listen: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the server did not answer within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server started", e);
    }
  }

  @Override
  public synchronized void close() {
    ready = false;
    listening.ifPresent(Subscription::close);
    if (vertx != null) {
      try {
        if (sessions != null) {
          finished(sessions.close());
          sessions = null;
        }
        finished(vertx.close());
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the server did not close cleanly", e);
      }
      vertx = null;
    }
    if (workers != null) {
      workers.close();
      workers = null;
    }
    if (cutters != null) {
      cutters.close();
      cutters = null;
    }
    if (searchers != null) {
      searchers.close();
      searchers = null;
    }
    if (metrics != null) {
      metrics.close();
      metrics = null;
    }
  }
}
