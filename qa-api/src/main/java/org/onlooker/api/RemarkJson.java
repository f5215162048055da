package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Remark;
import org.onlooker.core.Span;

/** Remarks as documents, the same over REST and WebSocket. */
record RemarkJson(MediaAddresses media) {
  ObjectNode document(Remark remark) {
    Span span = remark.span();
    long micros = span.end().micros() - span.start().micros();
    ObjectNode json = Json.object()
        .put("id", id(remark.clip()))
        .put("stream", remark.stream().value())
        .put("kind", remark.kind().name().toLowerCase(Locale.ROOT))
        .put("text", remark.text())
        .put("start", Json.seconds(span.start()))
        .put("end", Json.seconds(span.end()))
        .put("startTime", Json.time(remark.startTime()))
        .put("endTime", Json.time(remark.startTime().plusNanos(micros * 1_000)))
        .put("saidAt", Json.time(remark.saidAt()))
        .put("thumbnail", MediaAddresses.thumbnail(remark.stream(), span.end()));
    media.clip(remark.stream(), span).ifPresent(address -> json.put("clip", address));
    return json;
  }

  /** What a remark that a clip gave rise to is called. */
  static String id(ClipKey clip) {
    return clip.stream() + "-" + clip.sequence();
  }
}
