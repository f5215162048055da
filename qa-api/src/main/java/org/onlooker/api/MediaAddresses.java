package org.onlooker.api;

import java.util.Optional;
import org.onlooker.core.Pts;
import org.onlooker.core.Segments;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** Where pictures and recorded stretches of a stream are found on this server. */
record MediaAddresses(Segments segments) {
  static String thumbnail(StreamId stream, Pts at) {
    return "/api/v1/streams/" + stream + "/thumbnail.jpg?at=" + text(at);
  }

  /** Empty where nothing of it is recorded. */
  Optional<String> clip(StreamId stream, Span span) {
    return segments.covers(stream, span)
        ? Optional.of("/api/v1/streams/" + stream + "/clip.mp4?start=" + text(span.start())
            + "&end=" + text(span.end()))
        : Optional.empty();
  }

  private static String text(Pts pts) {
    return Json.seconds(pts).toPlainString();
  }
}
