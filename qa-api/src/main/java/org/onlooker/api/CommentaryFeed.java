package org.onlooker.api;

import org.onlooker.core.ClipKey;
import org.onlooker.core.CommentaryListener;
import org.onlooker.core.Remark;

/** Passes what Onlooker says on its own to the sessions that subscribed to it. */
record CommentaryFeed(Sessions sessions, RemarkJson documents) implements CommentaryListener {
  @Override
  public void delta(ClipKey clip, String text) {
    String stream = clip.stream().value();
    sessions.tell(
        Subscriptions.COMMENTARY,
        stream,
        ServerEvent.commentaryDelta(RemarkJson.id(clip), stream, text));
  }

  @Override
  public void done(Remark remark) {
    String stream = remark.stream().value();
    sessions.tell(
        Subscriptions.COMMENTARY,
        stream,
        ServerEvent.commentaryDone(
            RemarkJson.id(remark.clip()), stream, documents.document(remark)));
  }
}
