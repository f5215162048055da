package org.onlooker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.onlooker.core.Span;

/**
 * Takes the fields of a JSON object one by one; what nobody took is refused by {@link #end}, so
 * that a misspelt field is an error and not a silent default.
 */
final class Fields {
  private static final int NAME_SHOWN_MAX = 64;
  private static final double SPAN_SECONDS_MAX = 1e9;
  private final ObjectNode object;
  private final Set<String> taken = new HashSet<>();

  Fields(ObjectNode object) {
    this.object = object;
  }

  /** Whether the field is there and not null; it counts as taken. */
  boolean has(String name) {
    return take(name).isPresent();
  }

  String text(String name, int lengthMax) {
    return optionalText(name, lengthMax)
        .orElseThrow(() -> Problem.field(name, "\"" + name + "\" is missing"));
  }

  Optional<String> optionalText(String name, int lengthMax) {
    return take(name).map(value -> {
      if (!value.isTextual()) {
        throw Problem.field(name, "\"" + name + "\" must be a string");
      }
      if (value.textValue().length() > lengthMax) {
        throw Problem.field(
            name,
            "\"" + name + "\" has " + value.textValue().length() + " characters, at most "
                + lengthMax + " are taken");
      }
      if (!isText(value.textValue())) {
        throw Problem.field(name, "\"" + name + "\" holds characters that are not text");
      }
      return value.textValue();
    });
  }

  /** No control characters but white space, no halves of surrogate pairs. */
  private static boolean isText(String value) {
    return value
        .codePoints()
        .noneMatch(c -> Character.getType(c) == Character.SURROGATE
            || (Character.isISOControl(c) && !Character.isWhitespace(c)));
  }

  OptionalDouble optionalNumber(String name) {
    Optional<JsonNode> value = take(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!value.get().isNumber()) {
      throw Problem.field(name, "\"" + name + "\" must be a number");
    }
    return OptionalDouble.of(value.get().doubleValue());
  }

  /** A whole number, 0 or more. */
  long wholeNumber(String name) {
    JsonNode value =
        take(name).orElseThrow(() -> Problem.field(name, "\"" + name + "\" is missing"));
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw Problem.field(name, "\"" + name + "\" must be a whole number, 0 or more");
    }
    return value.longValue();
  }

  boolean flag(String name) {
    return take(name)
        .map(value -> {
          if (!value.isBoolean()) {
            throw Problem.field(name, "\"" + name + "\" must be true or false");
          }
          return value.booleanValue();
        })
        .orElse(false);
  }

  Optional<Instant> optionalTime(String name) {
    return optionalText(name, NAME_SHOWN_MAX).map(text -> {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        throw Problem.field(
            name, "\"" + name + "\" must be a time as in RFC 3339, like 2026-11-21T14:05:00Z");
      }
    });
  }

  /**
   * A list of {@code [start, end]} in seconds of media time, each ending after it starts; empty
   * where the field is absent.
   */
  List<Span> optionalSpans(String name, int countMax) {
    JsonNode value = take(name).orElseGet(object::arrayNode);
    if (!(value instanceof ArrayNode array) || array.size() > countMax) {
      throw Problem.field(
          name, "\"" + name + "\" must be a list of at most " + countMax + " spans");
    }
    List<Span> spans = new ArrayList<>();
    for (JsonNode span : array) {
      if (!isSpan(span)) {
        throw Problem.field(
            name,
            "each of \"" + name + "\" must be [start, end] in seconds, 0 <= start < end <= "
                + (long) SPAN_SECONDS_MAX);
      }
      spans.add(Span.ofSeconds(span.path(0).doubleValue(), span.path(1).doubleValue()));
    }
    return spans;
  }

  private static boolean isSpan(JsonNode span) {
    return span.isArray()
        && span.size() == 2
        && span.path(0).isNumber()
        && span.path(1).isNumber()
        && span.path(0).doubleValue() >= 0
        && span.path(0).doubleValue() < span.path(1).doubleValue()
        && span.path(1).doubleValue() <= SPAN_SECONDS_MAX;
  }

  /** At least one string, each from {@code allowed}. */
  List<String> choices(String name, Set<String> allowed) {
    JsonNode value =
        take(name).orElseThrow(() -> Problem.field(name, "\"" + name + "\" is missing"));
    if (!(value instanceof ArrayNode array) || array.isEmpty()) {
      throw Problem.field(name, "\"" + name + "\" must be a list of " + sorted(allowed));
    }
    List<String> chosen = new ArrayList<>();
    for (JsonNode element : array) {
      if (!element.isTextual() || !allowed.contains(element.textValue())) {
        throw Problem.field(name, "\"" + name + "\" may hold " + sorted(allowed) + " only");
      }
      chosen.add(element.textValue());
    }
    return chosen;
  }

  /** Refuses fields that nobody took. */
  void end() {
    for (String name : (Iterable<String>) object::fieldNames) {
      if (!taken.contains(name)) {
        String shown = name.length() <= NAME_SHOWN_MAX ? name : name.substring(0, NAME_SHOWN_MAX);
        throw Problem.field(
            shown, "\"" + shown + "\" is not a field here; known are " + sorted(taken));
      }
    }
  }

  private Optional<JsonNode> take(String name) {
    taken.add(name);
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  private static String sorted(Set<String> names) {
    return names.stream().sorted().toList().toString();
  }
}
