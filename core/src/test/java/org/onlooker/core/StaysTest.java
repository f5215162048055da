package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Over captions of clips of one second, of which three must tell a thing. */
class StaysTest {
  private static final StreamId DOOR = new StreamId("door");
  private final String[] captions = new String[60];

  StaysTest() {
    Arrays.fill(captions, "");
  }

  @Test
  void whatBeginsWithinTheStretch_came() {
    tell("A dog.", 0, 60);
    tell("A cat.", 22, 40);
    tell("An owl.", 25, 28);
    assertThat(notes(20, 35)).isEqualTo("27 owl (3)");
    assertThat(arrivals(20, 35)).containsExactly(22L, 25L);
    assertThat(notes(22, 26)).isEqualTo(" (3)");
    assertThat(notes(41, 50)).isEqualTo(" (1)");
    assertThat(notes(35, 50)).isEqualTo("39 cat (2)");
  }

  @Test
  void whatTheFirstClipShows_mayHaveBeenThereBefore() {
    tell("A dog.", 0, 10);
    tell("A cat.", 1, 10);
    assertThat(notes(0, 8)).isEqualTo(" (2)");
    assertThat(arrivals(0, 8)).containsExactly(1L);
  }

  @Test
  void whatFewCaptionsTell_wasNotThere() {
    tell("A cat.", 20, 22);
    tell("A cat.", 27, 28);
    assertThat(notes(15, 40)).isEqualTo(" (0)");
    assertThat(arrivals(15, 40)).isEmpty();
  }

  @Test
  void whatCaptionsMissForFourClips_stayed() {
    tell("A cat.", 20, 24);
    tell("A cat.", 28, 40);
    assertThat(arrivals(15, 35)).containsExactly(20L);
    captions[28] = "";
    assertThat(arrivals(15, 35)).containsExactly(20L, 29L);
    assertThat(notes(15, 35)).isEqualTo(" (1)");
  }

  @Test
  void whatHasJustCome_isNotYetProven() {
    tell("A dog.", 59, 60);
    assertThat(notes(50, 60)).isEqualTo(" (1)");
    captions[59] = "";
    captions[56] = "A dog.";
    assertThat(notes(50, 60)).isEqualTo(" (0)");
  }

  @Test
  void severalOfAKind_areOneName() {
    tell("A dog.", 10, 20);
    tell("Two dogs.", 20, 30);
    assertThat(notes(15, 30)).isEqualTo(" (1)");
  }

  @Test
  void muchOfIt_isCounted() {
    for (int i = 0; i < 17; i++) {
      tell("A thing " + (char) ('a' + i) + ".", 3 * i + 1, 3 * i + 4);
    }
    assertThat(notes(0, 56)).startsWith("3 thing a; 6 thing b; ").endsWith("; 51 thing q (17)");
    assertThat(notes(0, 0)).isEqualTo(" (0)");
  }

  private void tell(String part, int from, int to) {
    for (int i = from; i < to; i++) {
      captions[i] = captions[i].isEmpty()
          ? part
          : captions[i].replaceFirst("\\.$", "") + " and "
              + part.toLowerCase(java.util.Locale.ROOT);
    }
  }

  private String notes(int start, int end) {
    String left = stays(start, end).leavings().stream()
        .map(event -> event.clip().key().sequence() + " " + String.join(", ", event.names()))
        .collect(Collectors.joining("; "));
    return left + " (" + stays(start, end).count() + ")";
  }

  private List<Long> arrivals(int start, int end) {
    return stays(start, end).arrivals().stream()
        .map(event -> event.clip().key().sequence())
        .toList();
  }

  private Stays stays(int start, int end) {
    List<ClipEntry> clips = new ArrayList<>();
    for (int i = Math.max(0, start - 8); i < Math.min(captions.length, end + 8); i++) {
      clips.add(new ClipEntry(
          new ClipKey(DOOR, i),
          Span.ofSeconds(i, i + 1),
          Instant.EPOCH,
          "pack",
          captions[i],
          new float[0]));
    }
    return new Stays(clips, Span.ofSeconds(start, end), 3);
  }
}
