package org.onlooker.language.onnx;

import java.util.Locale;
import org.onlooker.core.AnswerSink;
import org.onlooker.core.ClipLabel;

/** Gathers a caption; a moment in it is written as minutes and seconds. */
final class CaptionText implements AnswerSink {
  private final StringBuilder text = new StringBuilder();

  @Override
  public void text(String delta) {
    text.append(delta);
  }

  @Override
  public void moment(ClipLabel label) {
    text.append(String.format(Locale.ROOT, "%d:%02d", label.minutePart(), label.secondPart()));
  }

  @Override
  public boolean cancelled() {
    return false;
  }

  @Override
  public String toString() {
    return text.toString().strip();
  }
}
