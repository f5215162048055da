package org.onlooker.core;

import java.util.List;

/** The vision tower of a model pack. Safe for use by several threads. */
public interface VisualEncoder extends AutoCloseable {
  /** The pictures it takes. */
  PictureSpec pictures();

  /** Runs the tower over a clip's pictures. */
  EncodedFrames encode(List<Picture> pictures);

  @Override
  void close();
}
