package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the product has told over its API and must know for ever after. Any thread. */
final class Acknowledged {
  /** A stretch that an answer has cited, in microseconds of media time. */
  record Cited(String stream, long start, long end, String startTime) {}

  private final Map<String, TreeMap<Long, byte[]>> thumbnails = new HashMap<>();
  private final Map<String, TreeSet<Long>> ends = new HashMap<>();
  private final Set<Cited> cited = new HashSet<>();

  /** Microseconds of a document's seconds. */
  static long micros(JsonNode seconds) {
    return Math.round(seconds.asDouble() * 1e6);
  }

  /** Notes that a stream is stored through a moment; true when it was not known yet. */
  synchronized boolean stored(String stream, long micros) {
    return ends.computeIfAbsent(stream, any -> new TreeSet<>()).add(micros);
  }

  /** Notes the picture of the clip that ends at a moment. */
  synchronized void thumbnail(String stream, long end, byte[] jpeg) {
    thumbnails.computeIfAbsent(stream, any -> new TreeMap<>()).put(end, jpeg);
  }

  synchronized void cited(JsonNode answer) {
    for (JsonNode citation : answer.path("citations")) {
      cited.add(new Cited(
          citation.path("stream").asText(),
          micros(citation.path("start")),
          micros(citation.path("end")),
          citation.path("startTime").asText()));
    }
  }

  /** Media time that a stream is stored through, at least. */
  synchronized long through(String stream) {
    return ends(stream).stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Ends of clips that a stream was stored through. */
  synchronized Set<Long> ends(String stream) {
    return Set.copyOf(ends.getOrDefault(stream, new TreeSet<>()));
  }

  /** Pictures of a stream's clips by their ends. */
  synchronized TreeMap<Long, byte[]> thumbnails(String stream) {
    return new TreeMap<>(thumbnails.getOrDefault(stream, new TreeMap<>()));
  }

  synchronized Set<Cited> cited() {
    return Set.copyOf(cited);
  }
}
