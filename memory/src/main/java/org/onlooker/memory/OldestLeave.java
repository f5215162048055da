package org.onlooker.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The newest stay: a sliding window over clips. */
final class OldestLeave implements Eviction {
  @Override
  public int clipsLeft(int clipsMax) {
    return clipsMax;
  }

  @Override
  public Map<Long, Long> choose(List<Candidate> clips, int left) {
    Map<Long, Long> stay = new LinkedHashMap<>();
    clips
        .subList(clips.size() - left, clips.size())
        .forEach(clip -> stay.put(clip.sequence(), clip.weight()));
    return stay;
  }
}
