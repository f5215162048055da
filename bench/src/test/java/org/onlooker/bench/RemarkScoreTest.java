package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.bench.RemarkScore.Said;
import org.onlooker.bench.WorldEvents.Event;
import org.onlooker.bench.WorldEvents.Kind;

class RemarkScoreTest {
  /** A dog from 10 s to 20 s, half gone until 21 s, hidden for a second; a bus to the end. */
  private static final String TRUTH = """
      {"seconds": 60, "things": [
        {"name": "dog", "visible": [[10, 14], [15, 20]], "unsure": [[9.5, 10], [20, 21]]},
        {"name": "bus", "visible": [[40, 60]], "unsure": []}]}
      """;

  @TempDir
  private Path folder;

  private WorldEvents truth;
  private RemarkScore score;

  @BeforeEach
  void read() throws IOException {
    Files.writeString(folder.resolve("truth.json"), TRUTH);
    truth = WorldEvents.of(new World(folder.resolve("stream.mp4"), List.of()));
    score = new RemarkScore(truth);
  }

  @Test
  void events_joinWhatWasHiddenShortly_andLeaveOutTheEnd() {
    assertThat(truth.all())
        .containsExactly(
            new Event("dog", Kind.CAME, 10, 10),
            new Event("dog", Kind.LEFT, 20, 21),
            new Event("bus", Kind.CAME, 40, 40));
  }

  @Test
  void remarks_thatTellAll_scoreOne_andLagFromTheEndOfTheEvent() {
    say(10, 11, 12.5, "A dog comes into view.");
    say(20, 21, 22.5, "A dog leaves the view.");
    say(40, 41, 41.5, "A bus comes into view.");

    assertThat(score.f1()).isEqualTo(1);
    assertThat(score.wrongShare()).isZero();
    assertThat(score.repeatsPerMinute()).isZero();
    assertThat(score.sentencesPerMinute()).isEqualTo(3);
    assertThat(score.lag(0)).isEqualTo(1.5);
    assertThat(score.lag(0.99)).isEqualTo(2.5);
  }

  @Test
  void fact_fartherThanTheTolerance_isFalse() {
    say(12, 13, 13, "A dog comes into view.");
    say(23.5, 24, 24, "A dog leaves the view.");

    assertThat(score.precision()).isEqualTo(0.5);
    assertThat(score.recall()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(score.wrong()).containsExactly("23.5 A dog leaves the view.");
  }

  @Test
  void event_toldTwice_isARepeatButTrue() {
    say(10, 11, 11, "A dog comes into view.");
    say(11, 12, 12, "A dog comes into view.");

    assertThat(score.repeatsPerMinute()).isEqualTo(1);
    assertThat(score.precision()).isEqualTo(0.5);
    assertThat(score.wrongShare()).isZero();
  }

  @Test
  void sentence_withOneFalseFactOrNone_isWrong() {
    say(10, 11, 11, "A dog and a cat come into view. What a day.");

    assertThat(score.wrongShare()).isEqualTo(1);
    assertThat(score.wrong()).hasSize(2);
    assertThat(score.precision()).isEqualTo(0.5);
  }

  @Test
  void summary_isHeldAgainstWhatWas() {
    say(4, 5, 5, "Nothing is there.");
    say(15, 16, 16, "A bus is there.");
    say(59, 60, 60, "Nothing new for 1 minutes. A bus is there.");

    assertThat(score.wrong())
        .containsExactly("15.0 A bus is there.", "59.0 Nothing new for 1 minutes.");
  }

  @Test
  void captions_areReadAsWhatTheyAddAndLeaveOut() {
    score.addCaption(new Said(10, 11, 11, "A dog."), Set.of("dog"));
    score.addCaption(new Said(15, 16, 16, "A dog."), Set.of("dog"));
    score.addCaption(new Said(20, 21, 21, "A cat."), Set.of("cat"));

    assertThat(score.precision()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(score.repeatsPerMinute()).isEqualTo(1);
    assertThat(score.wrong()).containsExactly("20.0 A cat.");
  }

  @Test
  void before_leavesLaterEventsOut() {
    assertThat(truth.before(30).all()).hasSize(2);
    assertThat(truth.before(30).seconds()).isEqualTo(30);
  }

  private void say(double start, double end, double saidAt, String text) {
    score.add(new Said(start, end, saidAt, text));
  }
}
