package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.onlooker.core.Addresses;
import org.onlooker.core.Refused;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.StoreException;

/** A request that fails, as its sender is told: {@code {"error":{code,message,type,param?}}}. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String code;
  private final transient Optional<String> param;

  private Problem(int status, String code, String message, Optional<String> param) {
    super(Addresses.redacted(message), null, false, false);
    this.status = status;
    this.code = code;
    this.param = param;
  }

  static Problem of(int status, String code, String message) {
    return new Problem(status, code, message, Optional.empty());
  }

  /** A field of the body or a query parameter that cannot be taken. */
  static Problem field(String param, String message) {
    return new Problem(422, "invalid", message, Optional.of(param));
  }

  /** A query parameter without which there is nothing to do. */
  static Problem missing(String param, String message) {
    return new Problem(400, "missing", message, Optional.of(param));
  }

  static Problem noStream(String id) {
    return of(404, "not_found", "there is no stream \"" + id + "\"");
  }

  static Problem overloaded(String message) {
    return of(503, "overloaded", message);
  }

  static Problem internal() {
    return of(500, "internal", "this failed inside Onlooker; its log says why");
  }

  /** What a sender is told of {@code failure}; empty when it is a fault of ours. */
  static Optional<Problem> from(Throwable failure) {
    return switch (failure) {
      case Problem problem -> Optional.of(problem);
      case Refused refused -> Optional.of(of(refused));
      case SourceException source -> Optional.of(of(source));
      case StoreException store -> Optional.of(of(store));
      default -> Optional.empty();
    };
  }

  private static Problem of(Refused refused) {
    int status = switch (refused.kind()) {
      case OVERLOADED, SHUTTING_DOWN -> 503;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS -> 409;
      case INVALID -> 422;
      case FORBIDDEN -> 403;
      case INSUFFICIENT_STORAGE -> 507;
    };
    return of(status, refused.kind().name().toLowerCase(Locale.ROOT), messageOf(refused));
  }

  private static Problem of(SourceException source) {
    int status = source.error() == SourceError.REFUSED ? 403 : 422;
    return new Problem(status, source.error().code(), messageOf(source), Optional.of("source"));
  }

  private static Problem of(StoreException store) {
    int status = store.reason() == StoreException.Reason.DISK_LOW ? 507 : 503;
    return of(status, store.reason().code(), messageOf(store));
  }

  private static String messageOf(Exception exception) {
    String message = exception.getMessage();
    return message == null ? exception.getClass().getSimpleName() : message;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String message() {
    return messageOf(this);
  }

  Optional<String> param() {
    return param;
  }

  ObjectNode json() {
    ObjectNode error =
        Json.object().put("code", code).put("message", message()).put("type", type());
    param.ifPresent(name -> error.put("param", name));
    return Json.object().set("error", error);
  }

  /** Names that clients of OpenAI's API know. */
  private String type() {
    if (status >= 500) {
      return "server_error";
    }
    return status == 403 ? "permission_error" : "invalid_request_error";
  }
}
