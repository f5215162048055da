package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.onlooker.core.Addresses;
import org.onlooker.core.Answer;
import org.onlooker.core.Citation;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.Gap;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Pts;
import org.onlooker.core.Segments;

/**
 * Answers and citations as documents, the same over REST, server-sent events and WebSocket.
 */
final class AnswerJson {
  private static final int SCORE_DIGITS = 4;
  private static final int MILLIS_DIGITS = 1;
  private final MemoryStore store;
  private final MediaAddresses media;

  AnswerJson(MemoryStore store, Segments segments) {
    this.store = store;
    this.media = new MediaAddresses(segments);
  }

  ObjectNode answer(Answer answer) {
    ObjectNode json =
        Json.object().put("id", answer.id()).put("stream", answer.stream().value());
    answer.conversation().ifPresent(id -> json.put("conversation", id.value()));
    json.put("question", answer.question())
        .put("answer", answer.text())
        .put("status", answer.status().wireName());
    answer.reason().ifPresent(reason -> json.put("reason", Addresses.redacted(reason)));
    ArrayNode citations = json.putArray("citations");
    answer.citations().forEach(citation -> citations.add(citation(citation)));
    json.put("askedAt", Json.time(answer.askedAt()));
    json.set("context", context(answer.context()));
    json.putObject("timings")
        .put("recallMillis", Json.rounded(answer.timings().recallMillis(), MILLIS_DIGITS))
        .put("firstTokenMillis", Json.rounded(answer.timings().firstTokenMillis(), MILLIS_DIGITS))
        .put("totalMillis", Json.rounded(answer.timings().totalMillis(), MILLIS_DIGITS));
    ArrayNode coverage = json.putArray("coverage");
    answer.coverage().forEach(gap -> coverage.add(gap(gap)));
    return json;
  }

  private static ObjectNode context(Answer.ContextUse context) {
    ObjectNode json = Json.object()
        .put("policy", context.policy())
        .put("recalledClips", context.recalledClips())
        .put("tokens", context.tokens());
    ArrayNode clips = json.putArray("clips");
    context
        .clips()
        .forEach(
            clip -> clips.addArray().add(Json.seconds(clip.start())).add(Json.seconds(clip.end())));
    return json;
  }

  ObjectNode citation(Citation citation) {
    ObjectNode json = Json.object()
        .put("stream", citation.stream().value())
        .put("start", Json.seconds(citation.span().start()))
        .put("end", Json.seconds(citation.span().end()))
        .put("startTime", Json.time(citation.startTime()))
        .put("endTime", Json.time(citation.endTime()))
        .put("score", Json.rounded(citation.score(), SCORE_DIGITS));
    ObjectNode signals = json.putObject("signals");
    citation
        .signals()
        .forEach((signal, score) -> signals.put(signal, Json.rounded(score, SCORE_DIGITS)));
    json.put("thumbnail", MediaAddresses.thumbnail(citation.stream(), shownAt(citation)));
    media.clip(citation.stream(), citation.span()).ifPresent(address -> json.put("clip", address));
    return json;
  }

  /** A moment of the cited clip, which may lie anywhere in the cited span. */
  private Pts shownAt(Citation citation) {
    return store
        .entry(citation.clip())
        .map(ClipEntry::span)
        .orElse(citation.span())
        .start();
  }

  private static ObjectNode gap(Gap gap) {
    return Json.object()
        .put("start", Json.seconds(gap.span().start()))
        .put("end", Json.seconds(gap.span().end()))
        .put("reason", Addresses.redacted(gap.reason()));
  }
}
