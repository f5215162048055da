package org.onlooker.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/** The reference library's outputs for a tiny pack: {@code testdata/golden/README.md}. */
public final class Golden {
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));

  private final Path folder;
  private final JsonNode json;

  public Golden(String name) {
    this.folder = ROOT.resolve("testdata/golden").resolve(name);
    try {
      this.json = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("golden.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path pack(String name) {
    return ROOT.resolve("testdata/packs").resolve(name);
  }

  public boolean has(String topic) {
    return json.has(topic);
  }

  public JsonNode topic(String name) {
    return json.required(name);
  }

  /** The array that {@code field} of a topic names. */
  public float[] array(JsonNode topic, String field) {
    return array(topic.required(field).textValue());
  }

  public float[] array(String name) {
    try {
      byte[] bytes = Files.readAllBytes(folder.resolve(name + ".f32"));
      float[] values = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static long[] longs(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToLong(JsonNode::longValue)
        .toArray();
  }

  public static float largestDifference(float[] actual, float[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(actual.length + " values, expected " + expected.length);
    }
    float worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    }
    return worst;
  }
}
