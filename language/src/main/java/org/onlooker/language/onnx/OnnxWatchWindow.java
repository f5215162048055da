package org.onlooker.language.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.KvBlock;
import org.onlooker.core.VisualTokens;
import org.onlooker.core.WatchWindow;
import org.onlooker.language.PromptForm;
import org.onlooker.language.Rope;

/** The sliding window of one stream over an {@link OnnxLanguageModel}. */
final class OnnxWatchWindow implements WatchWindow {
  private final OnnxLanguageModel model;
  private final Decoder decoder;
  private final PromptForm form;
  private Optional<State> state = Optional.empty();
  private Optional<ClipLabel> newest = Optional.empty();

  /** Cache and window; remade larger when a clip needs more room than the ones before. */
  private record State(Forward forward, SlidingWindow window) {
    void close() {
      window.close();
      forward.close();
    }
  }

  OnnxWatchWindow(OnnxLanguageModel model, Decoder decoder, PromptForm form) {
    this.model = model;
    this.decoder = decoder;
    this.form = form;
  }

  @Override
  public List<KvBlock> prefill(List<ContextItem.Fresh> clips) {
    List<long[]> ids = clips.stream()
        .map(clip -> form.clip(clip.label(), clip.tokens().countsByFrame()))
        .toList();
    State current = roomy(ids.stream().mapToInt(clip -> clip.length).max().orElse(0));
    List<KvBlock> blocks = new ArrayList<>();
    try {
      for (int done = 0; done < clips.size(); done = blocks.size()) {
        current.window.makeRoom(ids.get(done).length);
        int end = Math.min(clips.size(), done + current.window.clipsAtOnce());
        List<VisualTokens> tokens =
            clips.subList(done, end).stream().map(ContextItem.Fresh::tokens).toList();
        blocks.addAll(run(current, ids.subList(done, end), VisualTokens.joined(tokens)));
      }
      newest = Optional.of(clips.getLast().label());
      return blocks;
    } catch (RuntimeException e) {
      blocks.forEach(KvBlock::close);
      throw e;
    }
  }

  /** Runs clips that may all see each other. */
  private List<KvBlock> run(State current, List<long[]> ids, VisualTokens tokens) {
    long[] all = ids.stream().flatMapToLong(LongStream::of).toArray();
    int position = current.window.makeRoom(all.length);
    KvCache cache = current.forward.cache();
    int row = cache.length();
    current.forward.run(all, Optional.of(tokens), position);
    List<KvBlock> blocks = new ArrayList<>();
    for (long[] clip : ids) {
      int before = blocks.stream().mapToInt(KvBlock::tokenCount).sum();
      Rope.Turns off = decoder.rope().off(position + before, clip.length);
      KvBlock block = cache.read(row + before, clip.length, off);
      current.window.add(copy(block));
      blocks.add(block);
    }
    return blocks;
  }

  /** The window keeps raw keys of its own: the caller closes its block when it likes. */
  private static KvBlock copy(KvBlock block) {
    KvBlock copy = KvBlock.allocate(block.shape(), block.tokenCount());
    copy.keys().copyFrom(block.keys());
    copy.values().copyFrom(block.values());
    return copy;
  }

  private State roomy(int tokens) {
    int needed = model.sinks().tokenCount() + (form.windowClips() + 1) * tokens;
    if (state.isPresent() && state.get().forward.cache().capacity() >= needed) {
      return state.get();
    }
    State larger = open(Math.min(needed, decoder.config().maxPositions()));
    state.ifPresent(smaller -> move(smaller, larger));
    state = Optional.of(larger);
    return larger;
  }

  private State open(int capacity) {
    Forward forward = new Forward(decoder, capacity);
    SlidingWindow.Bounds bounds = new SlidingWindow.Bounds(
        decoder.kind().positioned(), form.windowClips(), decoder.config().maxPositions());
    return new State(
        forward, new SlidingWindow(decoder.rope(), forward.cache(), model.sinks(), bounds));
  }

  /** Takes the window over into a larger cache. */
  private static void move(State smaller, State larger) {
    smaller.window.handClips(clip -> {
      larger.forward.append(clip, larger.window.makeRoom(clip.tokenCount()));
      larger.window.add(clip);
    });
    smaller.close();
  }

  @Override
  public String caption() {
    Optional<long[]> question = newest.flatMap(form::captionQuestion);
    if (question.isEmpty() || state.isEmpty()) {
      return "";
    }
    List<KvBlock> clips = new ArrayList<>();
    state.get().window.clips().forEach(clips::add);
    return model.caption(clips, question.get());
  }

  @Override
  public void restart() {
    state.ifPresent(current -> current.window.clear());
    newest = Optional.empty();
  }

  @Override
  public void close() {
    state.ifPresent(State::close);
    state = Optional.empty();
  }
}
