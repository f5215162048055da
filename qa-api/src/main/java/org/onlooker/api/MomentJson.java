package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.onlooker.core.Moment;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;

/** What a search found, as a document. */
record MomentJson(MediaAddresses media) {
  private static final int SCORE_DIGITS = 4;

  /** A longer moment is given from the picture that shows it best on. */
  private static final long CLIP_MICROS_MAX = 60_000_000;

  ObjectNode found(String words, List<Moment> moments) {
    ObjectNode json = Json.object().put("query", words);
    ArrayNode documents = json.putArray("moments");
    moments.forEach(moment -> documents.add(document(moment)));
    return json;
  }

  private ObjectNode document(Moment moment) {
    ObjectNode json = Json.object()
        .put("stream", moment.stream().value())
        .put("start", Json.seconds(moment.span().start()))
        .put("end", Json.seconds(moment.span().end()))
        .put("startTime", Json.time(moment.startTime()))
        .put("endTime", Json.time(moment.endTime()))
        .put("score", Json.rounded(moment.score(), SCORE_DIGITS));
    ObjectNode signals = json.putObject("signals");
    moment
        .signals()
        .forEach(
            (signal, score) -> signals.put(signal.wireName(), Json.rounded(score, SCORE_DIGITS)));
    json.put("caption", moment.text())
        .put("kind", moment.kind().wireName())
        .put("thumbnail", MediaAddresses.thumbnail(moment.stream(), moment.shownAt()));
    media.clip(moment.stream(), playable(moment)).ifPresent(address -> json.put("clip", address));
    return json;
  }

  /** The moment, or what a player should begin with. */
  private static Span playable(Moment moment) {
    Span span = moment.span();
    boolean isShort = span.end().micros() - span.start().micros() <= CLIP_MICROS_MAX;
    Pts from = isShort ? span.start() : moment.shownAt();
    return new Span(from, span.end()).until(from.plusMicros(CLIP_MICROS_MAX));
  }
}
