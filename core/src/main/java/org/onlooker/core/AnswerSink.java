package org.onlooker.core;

/** Takes an answer while it is decoded, on the decoding thread. */
public interface AnswerSink {
  /** More text. */
  void text(String delta);

  /** The model wrote a moment in its own form. */
  void moment(ClipLabel label);

  /** Asked before each token. */
  boolean cancelled();
}
