package org.onlooker.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Of the two neighbours in time that look most alike, the earlier one leaves, again and again
 * (VideoScan's rule for its carrier tokens, published code; carriers are the clips' features here,
 * and the newest quarter stays).
 */
final class AlikeNeighboursLeave implements Eviction {
  @Override
  public int clipsLeft(int clipsMax) {
    return clipsMax;
  }

  @Override
  public Map<Long, Long> choose(List<Candidate> clips, int left) {
    List<Candidate> stay = new ArrayList<>(clips);
    while (stay.size() > left) {
      int earlier = mostAlike(stay.subList(0, stay.size() - Eviction.recent(left) + 1));
      Candidate gone = stay.remove(earlier);
      stay.set(earlier, with(stay.get(earlier), gone.weight()));
    }
    Map<Long, Long> weights = new LinkedHashMap<>();
    stay.forEach(clip -> weights.put(clip.sequence(), clip.weight()));
    return weights;
  }

  private static Candidate with(Candidate clip, long more) {
    return new Candidate(clip.sequence(), clip.feature(), clip.weight() + more, clip.block());
  }

  private static int mostAlike(List<Candidate> clips) {
    int best = 0;
    double alike = Double.NEGATIVE_INFINITY;
    for (int i = 0; i + 1 < clips.size(); i++) {
      double cosine = Features.dot(clips.get(i).feature(), clips.get(i + 1).feature());
      if (cosine > alike) {
        alike = cosine;
        best = i;
      }
    }
    return best;
  }
}
