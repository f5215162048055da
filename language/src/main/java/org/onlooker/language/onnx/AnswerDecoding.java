package org.onlooker.language.onnx;

import java.util.function.BooleanSupplier;
import org.onlooker.core.Generation;
import org.onlooker.language.AnswerText;

/** Prefills a question behind a context and decodes greedily. */
final class AnswerDecoding {
  private final Decoder decoder;
  private final Forward forward;
  private final long startNanos;

  AnswerDecoding(Decoder decoder, Forward forward, long startNanos) {
    this.decoder = decoder;
    this.forward = forward;
    this.startNanos = startNanos;
  }

  Generation decode(long[] question, int maxTokens, AnswerText text, BooleanSupplier cancelled) {
    int contextTokens = forward.cache().length();
    Generation.End end = Generation.End.LENGTH;
    long firstTokenNanos = 0;
    int tokens = 0;
    long[] next = question;
    while (tokens < maxTokens) {
      if (cancelled.getAsBoolean()) {
        end = Generation.End.CANCELLED;
        break;
      }
      forward.run(next, forward.cache().length());
      long token = forward.likeliest();
      firstTokenNanos = tokens == 0 ? System.nanoTime() - startNanos : firstTokenNanos;
      if (decoder.config().endIds().contains(token)) {
        end = Generation.End.STOP;
        break;
      }
      tokens++;
      text.accept(token);
      next = new long[] {token};
    }
    text.finish();
    return new Generation(contextTokens, question.length, tokens, firstTokenNanos, end);
  }
}
