package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.onlooker.core.Addresses;
import org.onlooker.core.Recording;
import org.onlooker.core.SourceInfo;
import org.onlooker.core.StreamCounters;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamStatus;

/** Streams as documents; addresses are shown without credentials. */
final class StreamJson {
  private StreamJson() {}

  static ObjectNode document(StreamStatus status) {
    StreamSpec spec = status.spec();
    ObjectNode json = Json.object()
        .put("id", spec.id().value())
        .put("source", Addresses.redacted(spec.source()))
        .put("fps", Json.rounded(spec.fps(), 3));
    spec.prompt().ifPresent(prompt -> json.put("prompt", prompt));
    json.put("pace", spec.pace().name().toLowerCase(Locale.ROOT)).put("loop", spec.loop());
    putState(json, status);
    json.put("startTime", Json.time(status.startTime()));
    putProgress(json, status);
    status.source().ifPresent(info -> json.set("video", video(info)));
    return json;
  }

  /** The fields that a {@code stream.state} event carries too. */
  static void putState(ObjectNode json, StreamStatus status) {
    json.put("state", status.state().wireName()).put("since", Json.time(status.since()));
    status.errorCode().ifPresent(code -> json.put("errorCode", code));
    status.reason().ifPresent(reason -> json.put("reason", Addresses.redacted(reason)));
  }

  /** The fields that a {@code stream.stats} event carries too. */
  static void putProgress(ObjectNode json, StreamStatus status) {
    status.storedThrough().ifPresent(pts -> json.put("storedThrough", Json.seconds(pts)));
    StreamCounters.Reading counters = status.counters();
    json.putObject("counters")
        .put("framesSampled", counters.framesSampled())
        .put("framesDropped", counters.framesDropped())
        .put("clipsStored", counters.clipsStored())
        .put("clipsRepeated", counters.clipsRepeated())
        .put("clipsFailed", counters.clipsFailed())
        .put("tokensSeen", counters.tokensSeen())
        .put("tokensKept", counters.tokensKept())
        .put("reconnects", counters.reconnects())
        .put("lagSeconds", Json.rounded(counters.lagNanos() / 1e9, 3))
        .put("slotWaitSeconds", Json.rounded(counters.slotWaitNanos() / 1e9, 3));
    json.set("recording", recording(status.recording()));
  }

  private static ObjectNode recording(Recording recording) {
    ObjectNode json = Json.object().put("state", recording.state().wireName());
    recording.reason().ifPresent(reason -> json.put("reason", Addresses.redacted(reason)));
    return json.put("packetsDropped", recording.packetsDropped());
  }

  static ObjectNode video(SourceInfo info) {
    return Json.object()
        .put("live", info.live())
        .put("width", info.width())
        .put("height", info.height())
        .put("framesPerSecond", Json.rounded(info.framesPerSecond(), 3))
        .put("codec", info.codec());
  }
}
