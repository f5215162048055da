package org.onlooker.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.LiveMedia;

/** Those who look at one stream. Safe for use by several threads. */
final class LiveChannel {
  private final List<Seat> seats = new ArrayList<>();
  private Optional<LiveMedia.Track> track = Optional.empty();

  /** A viewer, who is told of a track with the keyframe that begins it for him. */
  private static final class Seat {
    private final LiveMedia.Viewer viewer;
    private Optional<LiveMedia.Track> seen = Optional.empty();
    private Optional<String> told = Optional.empty();

    private Seat(LiveMedia.Viewer viewer) {
      this.viewer = viewer;
    }

    private void show(LiveMedia.Track track, LiveMedia.Fragment fragment) {
      if (seen.filter(known -> known == track).isEmpty()) {
        if (!fragment.keyframe()) {
          return;
        }
        seen = Optional.of(track);
        told = Optional.empty();
        viewer.track(track);
      }
      viewer.fragment(fragment);
    }

    private void tell(String reason) {
      if (told.filter(reason::equals).isEmpty()) {
        told = Optional.of(reason);
        viewer.unplayable(reason);
      }
    }
  }

  synchronized void add(LiveMedia.Viewer viewer) {
    seats.add(new Seat(viewer));
  }

  /** False once nobody is left. */
  synchronized boolean remove(LiveMedia.Viewer viewer) {
    seats.removeIf(seat -> seat.viewer == viewer);
    return !seats.isEmpty();
  }

  synchronized void begin(LiveMedia.Track begun) {
    track = Optional.of(begun);
  }

  synchronized void fragment(LiveMedia.Fragment fragment) {
    track.ifPresent(known -> seats.forEach(seat -> seat.show(known, fragment)));
  }

  synchronized void unplayable(String reason) {
    seats.forEach(seat -> seat.tell(reason));
  }
}
