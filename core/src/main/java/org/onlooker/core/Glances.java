package org.onlooker.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what is between two clips of one stream: the pictures of the second half of one and the
 * first half of the next, read as a clip behind those that are remembered. So what changes is seen
 * half a clip sooner. Nothing of it is stored. Used by one thread.
 */
final class Glances {
  private final LanguageModel model;
  private final VisualEncoder encoder;
  private final MemoryStore store;
  private final TokenReducer.Reduction pictures;

  Glances(LanguageModel model, VisualEncoder encoder, MemoryStore store, TokenReducer reducer) {
    this.model = model;
    this.encoder = encoder;
    this.store = store;
    this.pictures = reducer.open();
  }

  /** Whether the pictures show anything but what those of the last such look did. */
  boolean isNew(Clip between) {
    if (pictures.isRepeat(between)) {
      return false;
    }
    pictures.remembered();
    return true;
  }

  /**
   * Looks.
   *
   * @param before the clip on whose second half it lies
   * @param key that the entry gets
   */
  ClipEntry look(Clip between, ClipEntry before, ClipKey key) {
    ModelCard card = model.card();
    EncodedFrames encoded =
        encoder.encode(between.frames().stream().map(Frame::picture).toList());
    ClipLabel label = ClipLabel.of(before.span().end(), card.labelPeriod());
    try (RecentBlocks recent = RecentBlocks.of(store, card, before)) {
      List<ContextItem> blocks = recent.items();
      int from = Math.max(0, blocks.size() - card.windowClips());
      List<ContextItem> clips = new ArrayList<>(blocks.subList(from, blocks.size()));
      clips.add(new ContextItem.Fresh(label, encoded.tokens()));
      return new ClipEntry(
          key,
          between.span(),
          between.startTime(),
          card.fingerprint(),
          model.caption(clips),
          encoded.embedding());
    }
  }
}
