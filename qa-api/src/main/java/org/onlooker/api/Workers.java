package org.onlooker.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for calls that may block, so that event loops only parse and write.
 *
 * <p>Platform threads, because the store and the sources call native code, which would pin the
 * carrier of a virtual thread. The queue is bounded; over it a request is refused.
 */
final class Workers implements AutoCloseable {
  private static final int WAITING_MAX = 128;
  private final Vertx vertx;
  private final ThreadPoolExecutor threads;

  /** @param name of the threads, which are numbered */
  Workers(Vertx vertx, String name, int threadCount) {
    this.vertx = vertx;
    this.threads = new ThreadPoolExecutor(
        threadCount,
        threadCount,
        30,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(WAITING_MAX),
        Thread.ofPlatform().name(name + "-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** Runs {@code call} on a worker; the result arrives on the caller's event loop. */
  <T> Future<T> run(Callable<T> call) {
    Context context = vertx.getOrCreateContext();
    Promise<T> promise = Promise.promise();
    try {
      threads.execute(() -> {
        try {
          T result = call.call();
          Loop.run(context, () -> promise.complete(result));
        } catch (Exception e) {
          Loop.run(context, () -> promise.fail(e));
        }
      });
    } catch (RejectedExecutionException e) {
      promise.fail(Problem.overloaded("too many requests are waiting; try again in a moment"));
    }
    return promise.future();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
