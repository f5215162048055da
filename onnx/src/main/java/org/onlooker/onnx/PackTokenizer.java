package org.onlooker.onnx;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A pack's {@code tokenizer.json}, read by the Rust tokenizers library. It adds no tokens of its
 * own, cuts nothing, pads nothing and asks no network. Safe for use by several threads.
 */
public final class PackTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;

  private PackTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Opens the tokenizer of {@code pack}. */
  public static PackTokenizer open(ModelPack pack) {
    Natives.keepOffline();
    Path file = pack.folder().resolve("tokenizer.json");
    try {
      return new PackTokenizer(HuggingFaceTokenizer.newInstance(
          file, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false")));
    } catch (IOException | RuntimeException e) {
      throw new PackException(
          file + " cannot be read as a tokenizer (" + e.getMessage() + "); copy the file again", e);
    }
  }

  /** Ids of {@code text}; special tokens written in it count as such. */
  public long[] encode(String text) {
    return tokenizer.encode(text, false, false).getIds();
  }

  /** Text of {@code ids}; special tokens leave no trace, bytes of half a character are U+FFFD. */
  public String decode(long[] ids) {
    return tokenizer.decode(ids, true);
  }

  /** The id of a token that stands for the whole of {@code text}. */
  public OptionalLong idOf(String text) {
    long[] ids = encode(text);
    return ids.length == 1 ? OptionalLong.of(ids[0]) : OptionalLong.empty();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
