package org.onlooker.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Addresses;

/**
 * Keeps other sites' pages away from a server that listens on loopback, before any route is tried.
 *
 * <p>A page of another site can make a browser send requests here. Its {@code Origin} gives it away
 * on WebSockets and on every request but plain GETs; a name of its own that it points at 127.0.0.1
 * (DNS rebinding) gives itself away by {@code Host}; a change without a JSON content type could
 * come from a plain form. There are no CORS headers, so no other site reads a reply.
 */
final class Guard implements Handler<RoutingContext> {
  private static final Pattern LOOPBACK_HOST =
      Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1]");
  private static final Set<HttpMethod> CHANGES =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);
  private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; "
      + "style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; "
      + "font-src 'self'; "
      + "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private final IntSupplier port;
  private final Set<String> allowedHosts;
  private final Set<String> allowedOrigins;

  Guard(IntSupplier port, Set<String> allowedHosts, Set<String> allowedOrigins) {
    this.port = port;
    this.allowedHosts = lowerCase(allowedHosts);
    this.allowedOrigins = lowerCase(allowedOrigins);
  }

  @Override
  public void handle(RoutingContext ctx) {
    ctx.response()
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    HttpServerRequest request = ctx.request();
    String host = lower(request.getHeader(HttpHeaders.HOST));
    if (!hostAllowed(host)) {
      throw Problem.of(
          403,
          "host_forbidden",
          "host \"" + shown(host)
              + "\" is not served here; open the address that was printed at the start, or add the "
              + "name to the allowed hosts");
    }
    String origin = lower(request.getHeader(HttpHeaders.ORIGIN));
    if (request.headers().contains(HttpHeaders.ORIGIN) && !originAllowed(origin, host)) {
      throw Problem.of(
          403,
          "origin_forbidden",
          "pages of origin \"" + shown(origin)
              + "\" may not use this server; add it to the allowed origins if they should");
    }
    if (changes(request.method()) && !isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
      throw Problem.of(415, "unsupported_media_type", "send the body as application/json");
    }
    ctx.next();
  }

  private boolean hostAllowed(String host) {
    if (allowedHosts.contains(host)) {
      return true;
    }
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > host.lastIndexOf(']');
    String name = hasPort ? host.substring(0, colon) : host;
    String expected = Integer.toString(port.getAsInt());
    String given = hasPort ? host.substring(colon + 1) : "80";
    return LOOPBACK_HOST.matcher(name).matches() && given.equals(expected);
  }

  /** Own pages come from the host that the request names, which was checked before. */
  private boolean originAllowed(String origin, String host) {
    return origin.equals("http://" + host) || allowedOrigins.contains(origin);
  }

  private static boolean changes(HttpMethod method) {
    return CHANGES.contains(method);
  }

  private static boolean isJson(@Nullable String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }

  private static String lower(@Nullable String value) {
    return Optional.ofNullable(value).orElse("").toLowerCase(Locale.ROOT);
  }

  private static String shown(String value) {
    String clean = Addresses.redacted(value);
    return clean.length() <= 100 ? clean : clean.substring(0, 100);
  }

  private static Set<String> lowerCase(Set<String> values) {
    return values.stream()
        .map(value -> value.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
