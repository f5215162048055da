package org.onlooker.api;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The page's files: from the class path, read once and revalidated by ETag; or, in development,
 * from a folder on every request.
 */
final class Page implements Handler<RoutingContext> {
  private static final Pattern NAME =
      Pattern.compile("(?:[a-z0-9][a-z0-9-]*/)*[a-z0-9][a-z0-9.-]*");
  private static final Map<String, String> TYPES = Map.of(
      "html", "text/html; charset=utf-8",
      "js", "text/javascript; charset=utf-8",
      "json", "application/json; charset=utf-8",
      "css", "text/css; charset=utf-8",
      "svg", "image/svg+xml",
      "png", "image/png",
      "webmanifest", "application/manifest+json");
  private final Optional<Path> folder;
  private final Workers workers;
  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  /** A file as it is served. */
  private record PageFile(String type, String tag, Buffer content) {}

  Page(Optional<Path> folder, Workers workers) {
    this.folder = folder;
    this.workers = workers;
  }

  @Override
  public void handle(RoutingContext ctx) {
    String path = ctx.request().path();
    String name = path.equals("/") ? "index.html" : path.substring(1);
    if (!NAME.matcher(name).matches() || !TYPES.containsKey(extension(name))) {
      ctx.next();
      return;
    }
    PageFile known = files.get(name);
    if (known != null) {
      serve(ctx, known);
      return;
    }
    workers
        .run(() -> read(name))
        .onSuccess(file -> {
          if (file.isPresent()) {
            serve(ctx, file.get());
          } else {
            ctx.next();
          }
        })
        .onFailure(ctx::fail);
  }

  private Optional<PageFile> read(String name) throws IOException {
    Optional<byte[]> bytes = folder.isPresent() ? onDisk(folder.get(), name) : onClassPath(name);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    String type = TYPES.getOrDefault(extension(name), "application/octet-stream");
    PageFile file = new PageFile(type, tag(bytes.get()), Buffer.buffer(bytes.get()));
    if (folder.isEmpty()) {
      files.put(name, file);
    }
    return Optional.of(file);
  }

  private static Optional<byte[]> onDisk(Path folder, String name) throws IOException {
    Path file = folder.resolve(name).normalize();
    return file.startsWith(folder.normalize()) && Files.isRegularFile(file)
        ? Optional.of(Files.readAllBytes(file))
        : Optional.empty();
  }

  private static Optional<byte[]> onClassPath(String name) throws IOException {
    try (InputStream resource = Page.class.getResourceAsStream("/web/" + name)) {
      return resource == null ? Optional.empty() : Optional.of(resource.readAllBytes());
    }
  }

  private void serve(RoutingContext ctx, PageFile file) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, file.type())
        .putHeader(HttpHeaders.CACHE_CONTROL, folder.isPresent() ? "no-store" : "no-cache")
        .putHeader(HttpHeaders.ETAG, file.tag());
    if (file.tag().equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      ctx.response().setStatusCode(304).end();
    } else {
      ctx.response().end(file.content());
    }
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
