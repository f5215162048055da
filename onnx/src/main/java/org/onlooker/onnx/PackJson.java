package org.onlooker.onnx;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One JSON file of a pack, or a part of it; every complaint names the file and the key. */
final class PackJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final String path;
  private final JsonNode node;

  private PackJson(Path file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  static PackJson read(Path file) {
    try {
      JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
      if (!node.isObject()) {
        throw new PackException(file + " is not a JSON object; copy the file again");
      }
      return new PackJson(file, "", node);
    } catch (NoSuchFileException e) {
      throw new PackException(file + " is missing; a pack needs it, copy the pack again", e);
    } catch (JacksonException e) {
      throw new PackException(
          file + " is not valid JSON (" + e.getOriginalMessage() + "); copy the file again", e);
    } catch (IOException e) {
      throw new PackException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The file's content, or an empty object when there is no such file. */
  static PackJson readOptional(Path file) {
    return Files.exists(file) ? read(file) : new PackJson(file, "", MAPPER.createObjectNode());
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** A nested object; empty when absent. */
  PackJson section(String key) {
    JsonNode child = has(key) ? node.get(key) : MissingNode.getInstance();
    return new PackJson(file, path + key + ".", child);
  }

  int integer(String key) {
    return optionalInteger(key).orElseThrow(() -> missing(key));
  }

  Optional<Integer> optionalInteger(String key) {
    return present(key).map(value -> {
      if (!value.canConvertToInt() || !value.isNumber()) {
        throw wrong(key, "a whole number", value);
      }
      return value.intValue();
    });
  }

  int integerOr(String key, int absent) {
    return optionalInteger(key).orElse(absent);
  }

  double numberOr(String key, double absent) {
    return present(key)
        .map(value -> {
          if (!value.isNumber()) {
            throw wrong(key, "a number", value);
          }
          return value.doubleValue();
        })
        .orElse(absent);
  }

  String text(String key) {
    return optionalText(key).orElseThrow(() -> missing(key));
  }

  String textOr(String key, String absent) {
    return optionalText(key).orElse(absent);
  }

  Optional<String> optionalText(String key) {
    return present(key).map(value -> {
      if (!value.isTextual()) {
        throw wrong(key, "a string", value);
      }
      return value.textValue();
    });
  }

  boolean flagOr(String key, boolean absent) {
    return present(key).map(JsonNode::booleanValue).orElse(absent);
  }

  /** A list of numbers, or one number as a list of one; empty when absent. */
  List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode value : elements(key)) {
      if (!value.isNumber()) {
        throw wrong(key, "numbers", value);
      }
      numbers.add(value.doubleValue());
    }
    return numbers;
  }

  /** A list of strings; empty when absent. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : elements(key)) {
      if (!value.isTextual()) {
        throw wrong(key, "strings", value);
      }
      texts.add(value.textValue());
    }
    return texts;
  }

  private List<JsonNode> elements(String key) {
    return present(key)
        .map(value -> value.isArray()
            ? List.<JsonNode>of(MAPPER.convertValue(value, JsonNode[].class))
            : List.of(value))
        .orElse(List.of());
  }

  private Optional<JsonNode> present(String key) {
    return has(key) ? Optional.of(node.get(key)) : Optional.empty();
  }

  PackException missing(String key) {
    return new PackException(file + ": \"" + path + key + "\" is missing");
  }

  private PackException wrong(String key, String wanted, JsonNode found) {
    return new PackException(
        file + ": \"" + path + key + "\" should be " + wanted + ", not " + found);
  }
}
