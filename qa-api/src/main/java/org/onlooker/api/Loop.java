package org.onlooker.api;

import io.vertx.core.Context;
import java.util.concurrent.RejectedExecutionException;

/** The way from other threads to the event loop. */
final class Loop {
  private Loop() {}

  /** Runs {@code task} on the loop; after the server has closed there is nobody left to tell. */
  static void run(Context context, Runnable task) {
    try {
      context.runOnContext(ignored -> task.run());
    } catch (RejectedExecutionException e) {
      System.getLogger(Loop.class.getName())
          .log(System.Logger.Level.DEBUG, "an event came after the server had closed", e);
    }
  }
}
