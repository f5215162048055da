package org.onlooker.core;

/** Ends a listening when it is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
