package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came into view and left it in a drawn world, by name, from {@code truth.json}. A thing is in
 * view while at least 35 % of it is to be seen, and is not below 10 %; between the two nobody can
 * tell, so that a leaving lasts from the one to the other. Things of one name that overlap, or are
 * hidden for at most {@link #HOLE_SECONDS}, have been there all the time.
 */
final class WorldEvents {
  private static final double HOLE_SECONDS = 2;

  /** What happened to a thing. */
  enum Kind {
    CAME,
    LEFT
  }

  /**
   * Something that came or left.
   *
   * @param from seconds of media time at which it began
   * @param to at which it was complete
   */
  record Event(String name, Kind kind, double from, double to) {
    /** Seconds between a stretch and the event; 0 where they meet. */
    double distance(double start, double end) {
      return Math.max(0, Math.max(from - end, start - to));
    }
  }

  /** A stretch in which a name is in view, and when it is gone for certain. */
  private record InView(double start, double end, double gone) {
    InView with(InView later) {
      return new InView(start, Math.max(end, later.end), Math.max(gone, later.gone));
    }
  }

  private final Map<String, List<InView>> byName = new TreeMap<>();
  private final List<Event> events = new ArrayList<>();
  private final double seconds;

  private WorldEvents(JsonNode truth) {
    seconds = truth.path("seconds").asDouble();
    Map<String, List<InView>> seen = new TreeMap<>();
    for (JsonNode thing : truth.path("things")) {
      for (JsonNode span : thing.path("visible")) {
        seen.computeIfAbsent(thing.path("name").asText(), _ -> new ArrayList<>())
            .add(inView(span, thing.path("unsure")));
      }
    }
    seen.forEach((name, spans) -> byName.put(name, joined(spans)));
    byName.forEach((name, spans) -> spans.forEach(span -> add(name, span)));
    events.sort(Comparator.comparingDouble(Event::from));
  }

  /** The truth of the world whose video lies beside it. */
  static WorldEvents of(World world) throws IOException {
    Path truth = world.video().resolveSibling("truth.json");
    return new WorldEvents(new ObjectMapper().readTree(truth.toFile()));
  }

  private static InView inView(JsonNode span, JsonNode unsure) {
    double end = span.path(1).asDouble();
    double gone = end;
    for (JsonNode doubt : unsure) {
      gone = doubt.path(0).asDouble() == end ? doubt.path(1).asDouble() : gone;
    }
    return new InView(span.path(0).asDouble(), end, gone);
  }

  private static List<InView> joined(List<InView> spans) {
    List<InView> joined = new ArrayList<>();
    spans.sort(Comparator.comparingDouble(InView::start));
    for (InView span : spans) {
      if (!joined.isEmpty() && span.start - joined.getLast().end <= HOLE_SECONDS) {
        joined.add(joined.removeLast().with(span));
      } else {
        joined.add(span);
      }
    }
    return joined;
  }

  private void add(String name, InView span) {
    events.add(new Event(name, Kind.CAME, span.start, span.start));
    if (span.end < seconds - 1) {
      events.add(new Event(name, Kind.LEFT, span.end, span.gone));
    }
  }

  /** In order of time. */
  List<Event> all() {
    return List.copyOf(events);
  }

  double seconds() {
    return seconds;
  }

  /** Those that began before a moment. */
  WorldEvents before(double moment) {
    WorldEvents early = new WorldEvents(this, moment);
    early.events.removeIf(event -> event.from() >= moment);
    return early;
  }

  private WorldEvents(WorldEvents whole, double moment) {
    seconds = moment;
    byName.putAll(whole.byName);
    events.addAll(whole.events);
  }

  /** Whether something of that name is in view within so many seconds of a moment. */
  boolean isThere(String name, double moment, double tolerance) {
    return byName.getOrDefault(name, List.of()).stream()
        .anyMatch(span -> span.start <= moment + tolerance && span.gone >= moment - tolerance);
  }

  /** Whether there is a moment so near at which nothing is in view. */
  boolean isNothingThere(double moment, double tolerance) {
    double from = Math.max(0, moment - tolerance);
    for (double at = from; at <= moment + tolerance; at += 0.125) {
      double now = at;
      if (byName.keySet().stream().noneMatch(name -> isThere(name, now, 0))) {
        return true;
      }
    }
    return false;
  }

  /** Whether something came or left in a stretch. */
  boolean isEventful(double from, double to) {
    return events.stream().anyMatch(event -> event.from() >= from && event.to() <= to);
  }
}
