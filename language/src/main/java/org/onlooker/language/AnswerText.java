package org.onlooker.language;

import java.util.Arrays;
import org.onlooker.core.AnswerSink;
import org.onlooker.onnx.PackTokenizer;

/**
 * Turns token ids into text while they are decoded. A token may hold only some bytes of a
 * character; nothing is passed on until the character is whole. Tokens are decoded together with
 * those of the last whole piece, because the text of a token may depend on the one before it
 * (leading spaces).
 */
public final class AnswerText {
  private static final char REPLACEMENT = '\uFFFD';
  /** A character has at most four bytes: after more tokens than that the bytes are simply wrong. */
  private static final int PENDING_TOKENS_MAX = 4;

  private final PackTokenizer tokenizer;
  private final MomentScanner scanner;
  private long[] ids = {};
  private int settled;

  /**
   * @param momentForm how a moment is written, with {@code {mm}} and {@code {ss}}
   */
  public AnswerText(PackTokenizer tokenizer, String momentForm, AnswerSink sink) {
    this.tokenizer = tokenizer;
    this.scanner = new MomentScanner(momentForm, sink);
  }

  public void accept(long id) {
    ids = Arrays.copyOf(ids, ids.length + 1);
    ids[ids.length - 1] = id;
    String text = fresh();
    boolean whole = text.isEmpty() || text.charAt(text.length() - 1) != REPLACEMENT;
    if (whole || ids.length - settled > PENDING_TOKENS_MAX) {
      settle(text);
    }
  }

  /** Passes on what is still held back, broken characters included. */
  public void finish() {
    settle(fresh());
    scanner.finish();
  }

  private String fresh() {
    String known = tokenizer.decode(Arrays.copyOf(ids, settled));
    String all = tokenizer.decode(ids);
    return all.substring(Math.min(known.length(), all.length()));
  }

  private void settle(String text) {
    if (!text.isEmpty()) {
      scanner.accept(text);
    }
    ids = Arrays.copyOfRange(ids, settled, ids.length);
    settled = ids.length;
  }
}
