package org.onlooker.app;

import java.util.ArrayDeque;
import java.util.Deque;

/** Parts in the order they were made; they are closed in reverse, whatever befalls the others. */
final class CloseStack implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CloseStack.class.getName());
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T push(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.log(System.Logger.Level.ERROR, "closing " + part.getClass().getSimpleName(), e);
      }
    }
  }
}
