package org.onlooker.language.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.KvBlock;
import org.onlooker.core.VisualTokens;
import org.onlooker.core.WatchWindow;
import org.onlooker.language.PromptForm;

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
  public KvBlock prefill(ClipLabel label, VisualTokens tokens) {
    long[] ids = form.clip(label, tokens.countsByFrame());
    State current = roomy(ids.length);
    int position = current.window.makeRoom(ids.length);
    int row = current.forward.cache().length();
    current.forward.run(ids, Optional.of(tokens), position);
    KvBlock block =
        current.forward.cache().read(row, ids.length, decoder.rope().off(position, ids.length));
    current.window.add(copy(block));
    newest = Optional.of(label);
    return block;
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
    String caption = model.caption(clips, question.get());
    return form.isNothing(caption) ? "" : caption;
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
