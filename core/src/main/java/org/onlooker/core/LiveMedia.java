package org.onlooker.core;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * What sources send, for those who look at it: their encoded media as it is, or decoded pictures
 * where a player cannot play that. Of a stream that nobody looks at only the packets since its
 * newest keyframe are kept. Safe for use by several threads.
 */
public interface LiveMedia {
  /** What a viewer gets at once when he joins is not more. */
  int JOINING_BYTES_MAX = 4 << 20;

  /** Pictures of a live source are shown at most so often, those that are sampled included. */
  int PICTURES_PER_SECOND_MAX = 10;

  /**
   * Shows a stream from its newest keyframe on, over every connection to its source, until the view
   * is closed.
   *
   * @param stream need not give anything yet, nor exist
   */
  Subscription view(StreamId stream, Viewer viewer);

  /**
   * Shows what a live source sends between the frames that are sampled of it, until the
   * subscription is closed: pictures like {@link Frame#snapshot}, made while somebody looks.
   *
   * @param stream need not give anything yet, nor exist
   * @param viewer called on the reading thread; must return at once
   */
  Subscription pictures(StreamId stream, Consumer<Jpeg> viewer);

  /** Hears what comes, on one thread at a time. No call may block: the watching waits for it. */
  interface Viewer {
    /** Another track begins: the first one, or after the source was away or changed its codec. */
    void track(Track track);

    /** A picture; the first one of a track is a keyframe. */
    void fragment(Fragment fragment);

    /**
     * What the source sends cannot be shown this way.
     *
     * @param reason for people
     */
    void unplayable(String reason);
  }

  /**
   * How fragments are to be read.
   *
   * @param mimeType with the codec, as {@code video/mp4; codecs="avc1.64001f"} (RFC 6381)
   * @param head what a player reads before the fragments (ISO/IEC 14496-12, {@code ftyp} and {@code
   *     moov})
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Track(String mimeType, byte[] head) {}

  /**
   * One picture.
   *
   * @param bytes {@code moof} and {@code mdat}; its decode time is media time
   * @param time when it is shown, in media time
   * @param arrivedAt when the source sent it
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Fragment(byte[] bytes, boolean keyframe, Pts time, Instant arrivedAt) {}
}
