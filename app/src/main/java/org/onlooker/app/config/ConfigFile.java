package org.onlooker.app.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.config.Settings.Setting;
import org.onlooker.core.Pace;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads {@code onlooker.yml}; every complaint names the line. */
final class ConfigFile {
  private static final String STREAMS = "streams";

  private final Path file;
  private final Surroundings surroundings;

  ConfigFile(Path file, Surroundings surroundings) {
    this.file = file.toAbsolutePath();
    this.surroundings = surroundings;
  }

  /** Puts the keys into {@code settings} and returns the streams. */
  List<StreamSpec> read(Settings settings) throws ConfigException {
    Node root = compose();
    List<StreamSpec> streams = new ArrayList<>();
    if (root != null) {
      readSection(root, "", settings, streams);
    }
    return streams;
  }

  private @Nullable Node compose() throws ConfigException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return new Yaml(new LoaderOptions()).compose(reader);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new ConfigException(file.getFileName() + ":" + line, "not YAML: " + e.getProblem());
    } catch (IOException | YAMLException e) {
      throw new ConfigException(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  private void readSection(Node node, String prefix, Settings settings, List<StreamSpec> streams)
      throws ConfigException {
    for (NodeTuple tuple : mapping(node, prefix.isEmpty() ? "the file" : prefix).getValue()) {
      String path = prefix + scalar(tuple.getKeyNode(), "a key");
      Node value = tuple.getValueNode();
      Optional<Key> key = Key.ofPath(path).filter(k -> !k.isOfStream());
      if (path.equals(STREAMS)) {
        readStreams(value, streams);
      } else if (key.isPresent()) {
        settings.putOnce(key.get(), setting(key.get(), value));
      } else if (Key.isSection(path)) {
        readSection(value, path + ".", settings, streams);
      } else {
        throw unknown(path, tuple.getKeyNode(), knownPaths());
      }
    }
  }

  private static List<String> knownPaths() {
    List<String> known = new ArrayList<>(
        Arrays.stream(Key.values()).filter(k -> !k.isOfStream()).map(Key::path).toList());
    known.add(STREAMS);
    return known;
  }

  private void readStreams(Node node, List<StreamSpec> streams) throws ConfigException {
    if (!(node instanceof SequenceNode sequence)) {
      throw new ConfigException(place(node), "streams must be a list of \"- id: …\" entries");
    }
    Set<StreamId> ids = new HashSet<>();
    for (Node entry : sequence.getValue()) {
      StreamSpec spec = stream(entry);
      if (!ids.add(spec.id())) {
        throw new ConfigException(place(entry), "stream \"" + spec.id() + "\" is there twice");
      }
      streams.add(spec);
    }
  }

  private StreamSpec stream(Node entry) throws ConfigException {
    Settings fields = new Settings(surroundings);
    for (NodeTuple tuple : mapping(entry, "an entry of streams").getValue()) {
      String name = scalar(tuple.getKeyNode(), "a key");
      Optional<Key> key = Key.ofPath(STREAMS + "[]." + name);
      if (key.isEmpty()) {
        throw unknown(name, tuple.getKeyNode(), streamFields());
      }
      fields.putOnce(key.get(), setting(key.get(), tuple.getValueNode()));
    }
    for (Key required : List.of(Key.STREAM_ID, Key.STREAM_SOURCE)) {
      if (fields.get(required).isEmpty()) {
        throw new ConfigException(place(entry), "this stream has no " + fieldName(required));
      }
    }
    Pace pace = Pace.valueOf(
        fields.choice(Key.STREAM_PACE, List.of("realtime", "fast")).toUpperCase(Locale.ROOT));
    try {
      return new StreamSpec(
          new StreamId(fields.text(Key.STREAM_ID)),
          fields.text(Key.STREAM_SOURCE),
          fields.decimal(Key.STREAM_FPS),
          Optional.of(fields.text(Key.STREAM_PROMPT)).filter(p -> !p.isBlank()),
          pace,
          fields.truth(Key.STREAM_LOOP));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(place(entry), String.valueOf(e.getMessage()));
    }
  }

  private static List<String> streamFields() {
    return Arrays.stream(Key.values())
        .filter(Key::isOfStream)
        .map(ConfigFile::fieldName)
        .toList();
  }

  private static String fieldName(Key key) {
    return key.path().substring(key.path().lastIndexOf('.') + 1);
  }

  private Setting setting(Key key, Node value) throws ConfigException {
    Path base = Optional.ofNullable(file.getParent()).orElse(surroundings.workingFolder());
    if (key.isList() && value instanceof SequenceNode sequence) {
      List<String> values = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        values.add(scalar(item, "an entry of " + key.path()));
      }
      return new Setting(values, place(value), base);
    }
    return new Setting(List.of(scalar(value, key.path())), place(value), base);
  }

  private ConfigException unknown(String name, Node node, List<String> known) {
    return new ConfigException(
        place(node),
        "unknown key \"" + name + "\"; did you mean \"" + Key.nearest(name, known) + "\"?");
  }

  private MappingNode mapping(Node node, String what) throws ConfigException {
    if (node instanceof MappingNode mapping) {
      return mapping;
    }
    throw new ConfigException(place(node), what + " must hold \"key: value\" lines");
  }

  private String scalar(Node node, String what) throws ConfigException {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw new ConfigException(place(node), what + " must be a single value");
  }

  private String place(Node node) {
    return file.getFileName() + ":" + (node.getStartMark().getLine() + 1);
  }
}
