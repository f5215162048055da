package org.onlooker.core;

import java.util.List;

/** No picture at all: what the model answers from the question alone, the floor of every figure. */
public final class BlindPolicy implements ContextPolicy {
  @Override
  public String name() {
    return "blind";
  }

  @Override
  public Selection select(Inquiry inquiry) {
    return new Selection(List.of(), false);
  }
}
