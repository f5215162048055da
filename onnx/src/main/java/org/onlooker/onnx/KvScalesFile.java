package org.onlooker.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.onlooker.core.KvScales;
import org.onlooker.core.KvShape;

/**
 * {@code kv_scales.safetensors}: what {@code training/onlooker_training/calibrate.py} found for a
 * pack's decoder. For each form, of {@code N} layers, {@code P} places, {@code K} KV heads of
 * {@code d} channels, keys first, then values:
 *
 * <pre>
 * &lt;form&gt;.bits     I32 [2, N]
 * &lt;form&gt;.offsets  F16 [2, N, P, K, d]
 * &lt;form&gt;.steps    F16 [2, N, P, K, d]
 * </pre>
 *
 * Metadata: {@code opening} and {@code closing}, as in {@link KvScales}.
 */
final class KvScalesFile {
  static final String NAME = "kv_scales.safetensors";
  private static final String BITS = ".bits";

  private final TensorFile file;
  private final KvShape shape;
  private final int opening;
  private final int closing;

  private KvScalesFile(TensorFile file, DecoderConfig decoder) {
    this.file = file;
    this.shape = new KvShape(decoder.layers(), decoder.kvHeads(), decoder.headDim());
    this.opening = file.metadata("opening");
    this.closing = file.metadata("closing");
  }

  /** Every form of the file. */
  static Map<String, KvScales> read(Path path, DecoderConfig decoder) {
    TensorFile file = TensorFile.read(path);
    KvScalesFile scales = new KvScalesFile(file, decoder);
    Map<String, KvScales> forms = new TreeMap<>();
    for (String name : file.names()) {
      if (name.endsWith(BITS)) {
        String form = name.substring(0, name.length() - BITS.length());
        try {
          forms.put(form, scales.form(form));
        } catch (IllegalArgumentException e) {
          throw new PackException(path + ", " + form + ": " + e.getMessage(), e);
        }
      }
    }
    return forms;
  }

  private KvScales form(String form) {
    int[] bits = file.integers(form + BITS, 2, shape.layers());
    int places = opening + 1 + closing;
    int[] dimensions = {2, shape.layers(), places, shape.kvHeads(), shape.headDim()};
    float[] offsets = file.halves(form + ".offsets", dimensions);
    float[] steps = file.halves(form + ".steps", dimensions);
    List<KvScales.Part> parts = new ArrayList<>();
    int numbers = places * shape.kvHeads() * shape.headDim();
    for (int i = 0; i < bits.length; i++) {
      int from = i * numbers;
      parts.add(new KvScales.Part(
          bits[i],
          Arrays.copyOfRange(offsets, from, from + numbers),
          Arrays.copyOfRange(steps, from, from + numbers)));
    }
    List<KvScales.Part> keys = parts.subList(0, shape.layers());
    List<KvScales.Part> values = parts.subList(shape.layers(), parts.size());
    return new KvScales(shape, opening, closing, keys, values);
  }
}
