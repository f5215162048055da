package org.onlooker.language;

import java.util.ArrayList;
import java.util.List;
import org.onlooker.core.AnswerSink;
import org.onlooker.core.ClipLabel;

/** Keeps what a sink is told, a moment as its seconds in brackets. */
public final class Heard implements AnswerSink {
  private final List<String> pieces = new ArrayList<>();
  private final int cancelAfter;
  private int asked;

  public Heard() {
    this(Integer.MAX_VALUE);
  }

  /** Cancels when asked for the {@code cancelAfter + 1}th time. */
  public Heard(int cancelAfter) {
    this.cancelAfter = cancelAfter;
  }

  @Override
  public void text(String delta) {
    pieces.add(delta);
  }

  @Override
  public void moment(ClipLabel label) {
    pieces.add("[" + label.seconds() + "]");
  }

  @Override
  public boolean cancelled() {
    return asked++ >= cancelAfter;
  }

  public List<String> pieces() {
    return pieces;
  }

  public String all() {
    return String.join("", pieces);
  }
}
