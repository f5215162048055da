package org.onlooker.testing;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Seeded nonsense for the WebSocket: broken JSON, wrong kinds, deep nesting, huge strings and
 * numbers, ids of others, events that nearly are right. A mutated one may be right by chance.
 */
public final class HostileMessages {
  private static final int KINDS = 14;
  private static final int MESSAGE_CHARS_MAX = 64 * 1024;
  private final RandomGenerator random;
  private final List<String> good;

  /** @param stream one that is watched */
  public HostileMessages(RandomGenerator random, String stream) {
    this.random = random;
    this.good = List.of(
        "{\"type\":\"question.create\",\"id\":\"q\",\"stream\":\"" + stream
            + "\",\"text\":\"What is there?\"}",
        "{\"type\":\"question.cancel\",\"id\":\"q\"}",
        "{\"type\":\"subscribe\",\"stream\":\"" + stream + "\",\"kinds\":[\"stream.state\"]}",
        "{\"type\":\"unsubscribe\",\"stream\":\"*\",\"kinds\":[\"commentary\"]}",
        "{\"type\":\"session.update\",\"policy\":\"recent\"}",
        "{\"type\":\"session.resume\",\"session_id\":\"ses_1\",\"last_seq\":1}",
        "{\"type\":\"ping\"}");
  }

  /** The next message as text. */
  public String next() {
    String event = good.get(random.nextInt(good.size()));
    return switch (random.nextInt(KINDS)) {
      case 0 -> event.substring(0, random.nextInt(event.length()));
      case 1 -> letters(random.nextInt(200));
      case 2 -> "[".repeat(random.nextInt(5_000)) + event;
      case 3 -> "{\"a\":".repeat(1 + random.nextInt(5_000)) + event + "}";
      case 4 ->
        event.replace("\"type\":\"", "\"type\":\"" + quoted(letters(1 + random.nextInt(30))));
      case 5 -> withField(event, quoted("x" + letters(random.nextInt(90))), "1");
      case 6 -> withField(event, "type", "\"ping\"");
      case 7 ->
        "{\"type\":\"question.cancel\",\"id\":\""
            + "i".repeat(MESSAGE_CHARS_MAX + random.nextInt(9_999)) + "\"}";
      case 8 -> " ".repeat(MESSAGE_CHARS_MAX) + event;
      case 9 -> resume();
      case 10, 11 -> mutated(event);
      default -> wrongKind(event);
    };
  }

  /** The next message as bytes, which no event is. */
  public byte[] nextBytes() {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A known event with a value of the wrong kind. */
  private String wrongKind(String event) {
    List<String> values = List.of(
        "null", "true", "-1e999", "[]", "{}", "{\"id\":[{}]}", "\"\\u0000\\ud800\"", "\"\"");
    String value = values.get(random.nextInt(values.size()));
    List<String> names = List.of("type", "id", "stream", "text", "kinds", "session_id", "last_seq");
    String name = names.get(random.nextInt(names.size()));
    return event.replaceFirst(
        "\"" + name + "\":(\"[^\"]*\"|\\[[^]]*]|\\d+)",
        "\"" + name + "\":" + value.replace("\\", "\\\\"));
  }

  /** Sessions of others, numbers out of range. */
  private String resume() {
    List<String> numbers = List.of(
        "-1",
        "1.5",
        "1e400",
        String.valueOf(Long.MAX_VALUE),
        "9".repeat(1 + random.nextInt(2_000)),
        "\"1\"",
        "0");
    return "{\"type\":\"session.resume\",\"session_id\":\"ses_"
        + Long.toHexString(random.nextLong()) + "\",\"last_seq\":"
        + numbers.get(random.nextInt(numbers.size())) + "}";
  }

  /** One to three characters changed, left out or put in. */
  private String mutated(String event) {
    StringBuilder text = new StringBuilder(event);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, (char) (1 + random.nextInt(0x2ff)));
        case 1 -> text.deleteCharAt(at);
        default -> text.insert(at, letters(1));
      }
    }
    return text.toString();
  }

  private static String withField(String object, String name, String value) {
    return "{\"" + name + "\":" + value + "," + object.substring(1);
  }

  /** Characters of all sorts, without halves of surrogate pairs and never a JSON object. */
  private String letters(int length) {
    StringBuilder text = new StringBuilder();
    random.ints(length, 1, 0x2fff).forEach(text::appendCodePoint);
    return text.toString();
  }

  private static String quoted(String text) {
    return text.replaceAll("[\"\\\\\\p{Cntrl}]", "_");
  }
}
