package org.onlooker.core;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What Onlooker says on its own of all streams: one thread that hears their clips in turn, and
 * those who listen. {@link Commentator} has the story of one stream.
 *
 * <p>The watching never waits for it, but where a recording would run away from it; questions go
 * before it.
 */
public final class Commentary implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Commentary.class.getName());

  private final List<CommentaryListener> listeners = new CopyOnWriteArrayList<>();
  private final ModelSlots slots;
  private final Commentator.Parts parts;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(
      Thread.ofPlatform().daemon().name("commentary").factory());

  public Commentary(
      LanguageModel model,
      VisualEncoder encoder,
      TokenReducer reducer,
      TextEmbedder embedder,
      MemoryStore store,
      ModelSlots slots,
      InstantSource clock) {
    this.slots = slots;
    this.parts = new Commentator.Parts(
        model, encoder, reducer, embedder, store, clock, thread, new CommentaryListener() {
          @Override
          public void delta(ClipKey clip, String text) {
            tell(listener -> listener.delta(clip, text));
          }

          @Override
          public void done(Remark remark) {
            tell(listener -> listener.done(remark));
          }
        });
  }

  private void tell(Consumer<CommentaryListener> event) {
    for (CommentaryListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener to the commentary failed", e);
      }
    }
  }

  /** From now on {@code listener} hears what is said, until the handle is closed. */
  public Subscription listen(CommentaryListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** The commentator of a stream that is about to be watched, who closes it. */
  Commentator of(Supplier<StreamSpec> stream, StreamCounters counters) {
    return new Commentator(stream, parts, slots, counters);
  }

  /** Ends the thread; what waits is not said. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
