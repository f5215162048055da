package org.onlooker.core;

/** Leaves nothing out. */
public final class KeepAll implements TokenReducer {
  @Override
  public String name() {
    return "off";
  }

  @Override
  public Reduction open() {
    return new Reduction() {};
  }
}
