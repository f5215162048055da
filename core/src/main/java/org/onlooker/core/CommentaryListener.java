package org.onlooker.core;

/** Hears what Onlooker says on its own, on the commentary's thread; must return at once. */
public interface CommentaryListener {
  /** More words of a remark that is being said. */
  void delta(ClipKey clip, String text);

  /** The remark is finished, and kept. */
  void done(Remark remark);
}
