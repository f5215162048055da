package org.onlooker.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.onlooker.core.LiveMedia;

/** Those who look at one stream. Safe for use by several threads. */
final class LiveChannel {
  private final List<Seat> seats = new CopyOnWriteArrayList<>();
  private final List<LiveMedia.Fragment> sinceKeyframe = new ArrayList<>();
  private Optional<LiveMedia.Track> track = Optional.empty();
  private long bytesSinceKeyframe;

  /** A viewer, and what he has been told. */
  private static final class Seat {
    private final LiveMedia.Viewer viewer;
    private Optional<LiveMedia.Track> seen = Optional.empty();
    private Optional<String> told = Optional.empty();

    private Seat(LiveMedia.Viewer viewer) {
      this.viewer = viewer;
    }

    /** @param group from a keyframe on; one who sees the track already needs its last alone */
    private void show(LiveMedia.Track track, List<LiveMedia.Fragment> group) {
      if (!sees(track)) {
        seen = Optional.of(track);
        told = Optional.empty();
        viewer.track(track);
        group.subList(0, group.size() - 1).forEach(viewer::fragment);
      }
      viewer.fragment(group.getLast());
    }

    private boolean sees(LiveMedia.Track track) {
      return seen.filter(known -> known == track).isPresent();
    }

    private void tell(String reason) {
      if (told.filter(reason::equals).isEmpty()) {
        told = Optional.of(reason);
        viewer.unplayable(reason);
      }
    }
  }

  void add(LiveMedia.Viewer viewer) {
    seats.add(new Seat(viewer));
  }

  /** False once nobody is left. */
  boolean remove(LiveMedia.Viewer viewer) {
    seats.removeIf(seat -> seat.viewer == viewer);
    return !seats.isEmpty();
  }

  synchronized void begin(LiveMedia.Track begun) {
    track = Optional.of(begun);
    forget();
  }

  private void forget() {
    sinceKeyframe.clear();
    bytesSinceKeyframe = 0;
  }

  /** Shows the next one to all, and those since the keyframe to who has just come. */
  synchronized void fragment(LiveMedia.Fragment fragment) {
    LiveMedia.Track current = track.orElseThrow();
    bytesSinceKeyframe += fragment.bytes().length;
    if (fragment.keyframe() || bytesSinceKeyframe > LiveMedia.JOINING_BYTES_MAX) {
      forget();
      bytesSinceKeyframe = fragment.bytes().length;
    }
    boolean isWhole = fragment.keyframe() || !sinceKeyframe.isEmpty();
    if (isWhole) {
      sinceKeyframe.add(fragment);
    }
    for (Seat seat : seats) {
      if (isWhole || seat.sees(current)) {
        seat.show(current, isWhole ? sinceKeyframe : List.of(fragment));
      }
    }
  }

  synchronized void unplayable(String reason) {
    seats.forEach(seat -> seat.tell(reason));
  }
}
