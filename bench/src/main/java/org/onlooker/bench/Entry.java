package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One object of a question file, read strictly: what is missing or of another kind is named.
 *
 * @param name of the entry for messages, such as {@code entry 3}
 */
record Entry(String name, JsonNode node) {
  private static final Pattern CLOCK =
      Pattern.compile("(?:(\\d+):)?(\\d{1,2}):(\\d{1,2}(?:\\.\\d+)?)");
  private static final Pattern SECONDS = Pattern.compile("\\d+(?:\\.\\d+)?");

  String text(String field) throws IOException {
    JsonNode value = node.path(field);
    if (!value.isValueNode() || value.isNull() || value.asText().isBlank()) {
      throw new IOException(name + " has no \"" + field + "\"");
    }
    return value.asText().strip();
  }

  /** Media time: a number of seconds, or "HH:MM:SS" or "MM:SS". */
  double seconds(String field) throws IOException {
    String text = text(field);
    Matcher clock = CLOCK.matcher(text);
    if (clock.matches()) {
      double hours =
          Optional.ofNullable(clock.group(1)).map(Double::parseDouble).orElse(0.0);
      return hours * 3600
          + Double.parseDouble(clock.group(2)) * 60
          + Double.parseDouble(clock.group(3));
    }
    if (!SECONDS.matcher(text).matches()) {
      throw new IOException(
          name + ": \"" + field + "\" is \"" + text + "\", neither seconds nor HH:MM:SS");
    }
    return Double.parseDouble(text);
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  List<String> texts(String field) throws IOException {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : array(field)) {
      texts.add(value.asText());
    }
    return texts;
  }

  /** The objects in a list; lists in the list count as the objects in them. */
  List<Entry> entries(String field) throws IOException {
    return flat(name, array(field));
  }

  private JsonNode array(String field) throws IOException {
    JsonNode value = node.path(field);
    if (!value.isArray()) {
      throw new IOException(name + " has no list \"" + field + "\"");
    }
    return value;
  }

  /** The objects of a whole file. */
  static List<Entry> flat(JsonNode list) {
    return flat("", list);
  }

  private static List<Entry> flat(String inside, JsonNode list) {
    List<Entry> entries = new ArrayList<>();
    int number = 0;
    for (JsonNode value : list) {
      number++;
      String name = (inside.isEmpty() ? "entry " : inside + ", ") + number;
      if (value.isArray()) {
        entries.addAll(flat(name, value));
      } else {
        entries.add(new Entry(name, value));
      }
    }
    return entries;
  }
}
