package org.onlooker.app.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was set, as text with its place, and how each text becomes a value. */
final class Settings {
  private static final Set<String> OF_LAUNCHER =
      Set.of("ONLOOKER_JAVA_HOME", "ONLOOKER_HEAP", "ONLOOKER_SERVER");

  /**
   * One key as set.
   *
   * @param place for messages: {@code onlooker.yml:12}, a variable or an option
   * @param base what a relative path in it starts from
   */
  record Setting(List<String> values, String place, Path base) {
    Setting {
      values = List.copyOf(values);
    }

    String text() {
      return String.join(", ", values);
    }
  }

  private final Map<Key, Setting> set = new EnumMap<>(Key.class);
  private final Surroundings surroundings;

  Settings(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Sets a key that this source of settings has not set before. */
  void putOnce(Key key, Setting setting) throws ConfigException {
    Setting before = set.putIfAbsent(key, setting);
    if (before != null) {
      throw new ConfigException(
          setting.place(), key.path() + " is set again, first at " + before.place());
    }
  }

  /** Overrides from the environment; an unknown variable of ours is refused. */
  void readEnvironment() throws ConfigException {
    for (var variable : surroundings.environment().entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith("ONLOOKER_") || OF_LAUNCHER.contains(name)) {
        continue;
      }
      Optional<Key> key = Key.ofVariable(name);
      if (key.isEmpty()) {
        List<String> known = Arrays.stream(Key.values())
            .filter(k -> !k.isOfStream())
            .map(Key::variable)
            .toList();
        throw new ConfigException(
            "environment",
            "unknown variable " + name + "; did you mean " + Key.nearest(name, known) + "?");
      }
      override(key.get(), variable.getValue(), name);
    }
  }

  /** Sets a key from outside the file, whatever the file says. */
  void override(Key key, String value, String place) {
    List<String> values = key.isList() ? List.of(value.split("\\s*,\\s*")) : List.of(value);
    set.put(key, new Setting(values, place, surroundings.workingFolder()));
  }

  Optional<Setting> get(Key key) {
    return Optional.ofNullable(set.get(key));
  }

  String text(Key key) {
    return get(key).map(Setting::text).orElse(key.defaultText());
  }

  int integer(Key key, int min, int max) throws ConfigException {
    String text = text(key);
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(key, "a whole number from " + min + " to " + max);
  }

  double decimal(Key key) throws ConfigException {
    try {
      return Double.parseDouble(text(key));
    } catch (NumberFormatException e) {
      throw wrong(key, "a number");
    }
  }

  boolean truth(Key key) throws ConfigException {
    return choice(key, List.of("true", "false")).equals("true");
  }

  String choice(Key key, List<String> choices) throws ConfigException {
    String text = text(key).toLowerCase(Locale.ROOT);
    if (!choices.contains(text)) {
      throw wrong(key, "one of " + String.join(", ", choices));
    }
    return text;
  }

  /** Each of {@code choices}; empty when unset. */
  List<String> choices(Key key, List<String> choices) throws ConfigException {
    List<String> texts = texts(key);
    if (!choices.containsAll(texts)) {
      throw wrong(key, "of " + String.join(", ", choices));
    }
    return texts;
  }

  Path path(Key key, Path whenUnset) {
    return get(key).map(s -> surroundings.path(s.text(), s.base())).orElse(whenUnset);
  }

  Optional<Path> optionalPath(Key key) {
    return get(key).map(s -> surroundings.path(s.text(), s.base()));
  }

  List<String> texts(Key key) {
    return get(key).map(Setting::values).orElse(List.of());
  }

  List<Path> paths(Key key, List<Path> whenUnset) {
    return get(key)
        .map(s ->
            s.values().stream().map(text -> surroundings.path(text, s.base())).toList())
        .orElse(whenUnset);
  }

  ConfigException wrong(Key key, String taken) {
    String place = get(key).map(Setting::place).orElse("default");
    return new ConfigException(place, key.path() + " is \"" + text(key) + "\", must be " + taken);
  }
}
