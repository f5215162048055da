package org.onlooker.onnx;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A small file of tensors in the safetensors format: a little-endian u64 with the bytes of a JSON
 * header, the header (for each name dtype, shape and the bytes where it lies), the numbers. Read
 * whole; every complaint names the file and the tensor.
 */
final class TensorFile {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String METADATA = "__metadata__";

  private final Path file;
  private final JsonNode header;
  private final ByteBuffer data;

  private TensorFile(Path file, JsonNode header, ByteBuffer data) {
    this.file = file;
    this.header = header;
    this.data = data;
  }

  static TensorFile read(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      long length = bytes.remaining() < Long.BYTES ? -1 : bytes.getLong();
      if (length < 2 || length > bytes.remaining()) {
        throw new PackException(file + " is not a safetensors file; copy the file again");
      }
      byte[] json = new byte[(int) length];
      bytes.get(json);
      ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
      return new TensorFile(file, MAPPER.readTree(json), data);
    } catch (JacksonException e) {
      throw new PackException(
          file + " has a header that is no JSON (" + e.getOriginalMessage() + ")", e);
    } catch (IOException e) {
      throw new PackException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>();
    header.fieldNames().forEachRemaining(names::add);
    names.remove(METADATA);
    return names;
  }

  int metadata(String key) {
    JsonNode value = header.path(METADATA).path(key);
    try {
      return Integer.parseInt(value.asText());
    } catch (NumberFormatException e) {
      throw new PackException(file + ": metadata \"" + key + "\" is no whole number", e);
    }
  }

  /** An F16 tensor of this shape. */
  float[] halves(String name, int... shape) {
    ByteBuffer bytes = bytes(name, "F16", Short.BYTES, shape);
    float[] values = new float[bytes.remaining() / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(bytes.getShort());
    }
    return values;
  }

  /** An I32 tensor of this shape. */
  int[] integers(String name, int... shape) {
    ByteBuffer bytes = bytes(name, "I32", Integer.BYTES, shape);
    int[] values = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(values);
    return values;
  }

  private ByteBuffer bytes(String name, String type, int size, int... shape) {
    JsonNode entry = header.path(name);
    List<Integer> wanted = new ArrayList<>();
    long bytes = size;
    for (int length : shape) {
      wanted.add(length);
      bytes *= length;
    }
    List<Integer> found = new ArrayList<>();
    entry.path("shape").forEach(length -> found.add(length.asInt()));
    long start = entry.path("data_offsets").path(0).asLong(-1);
    long end = entry.path("data_offsets").path(1).asLong(-1);
    if (!entry.path("dtype").asText().equals(type)
        || !found.equals(wanted)
        || start < 0
        || end - start != bytes
        || end > data.limit()) {
      throw new PackException(file + ": tensor \"" + name + "\" should be " + type + " of " + wanted
          + ", not " + (entry.isMissingNode() ? "absent" : entry));
    }
    return data.slice((int) start, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
