package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Over captions of clips of one second, of a pack that wants three as proof. */
class ListedVoiceTest {
  private static final StreamId DOOR = new StreamId("door");
  private ListedVoice voice = new ListedVoice(Cards.withProof(3), text -> new float[0]);
  private float[] embedding = {1};
  private final StringBuilder words = new StringBuilder();
  private int second;

  @Test
  void whatComesAndLeaves_isSaidOnceWhenItIsProven() {
    assertThat(hear("")).isEmpty();
    assertThat(hear("A dog.")).isEmpty();
    assertThat(voice.isInDoubt()).isTrue();
    assertThat(hear("A dog.")).isEqualTo("A dog comes into view.");
    assertThat(voice.isInDoubt()).isFalse();
    assertThat(hear("A dog.", "A dog.")).isEmpty();
    assertThat(hear("", "")).as("it may be covered, and no embedding tells").isEmpty();
    assertThat(hear("")).isEqualTo("A dog leaves the view.");
    assertThat(hear("", "", "")).isEmpty();
  }

  @Test
  void whatOneClipAloneTells_isASlip() {
    assertThat(hear("", "A dog.", "", "A cat.", "A dog.", "A cat and a dog."))
        .isEqualTo("A dog comes into view.");
    assertThat(hear("A dog.", "A dog.", "A dog.", "An owl.", "A dog.")).isEmpty();
  }

  @Test
  void looksBetweenClips_count_proofIsTheTimeForWhichItHolds() {
    assertThat(hear("")).isEmpty();
    assertThat(hearBetween("A dog.")).isEmpty();
    assertThat(hear("A dog.")).as("half a second").isEmpty();
    assertThat(hearBetween("A dog.")).isEqualTo("A dog comes into view.");

    assertThat(hear("A dog.")).isEmpty();
    assertThat(hearBetween("A cat and a dog.")).isEmpty();
    assertThat(hear("A dog.")).isEmpty();
    assertThat(hearBetween("A cat and a dog.")).as("not all tell it").isEmpty();
  }

  @Test
  void whatTheEmbeddingStillSees_leavesALookLater() {
    hear("", "A dog.", "A dog.", "");
    assertThat(hearBetween("")).isEmpty();
    assertThat(hear("")).as("a second").isEmpty();
    assertThat(hearBetween("")).isEqualTo("A dog leaves the view.");
  }

  @Test
  void whatItMayNotSayYet_itSaysWithTheNextLook() {
    hear("", "A dog.");
    voice.hear(hearing("A dog.", second, false), mouth());
    assertThat(words).isEmpty();
    assertThat(voice.isInDoubt()).isTrue();
    assertThat(hear("A dog.")).isEqualTo("A dog comes into view.");
  }

  @Test
  void whatTheEmbeddingDoesNotSee_hasNotCome() {
    voice = new ListedVoice(Cards.withProof(3), text -> new float[] {0, 1});
    embedding = new float[] {1, 0};
    assertThat(hear("", "A dog.", "A dog.", "A dog.")).isEmpty();
    embedding = new float[] {1, 1};
    assertThat(hear("A dog.", "A dog.")).isEqualTo("A dog comes into view.");
  }

  @Test
  void whatTheEmbeddingSeesNoMore_leavesSooner() {
    voice = new ListedVoice(Cards.withProof(3), text -> new float[] {0, 1});
    embedding = new float[] {0, 1};
    hear("", "A dog.", "A dog.");
    assertThat(hear("", "")).as("half covered").isEmpty();
    assertThat(hear("A dog.")).isEmpty();
    embedding = new float[] {1, 0};
    assertThat(hear("")).isEmpty();
    assertThat(hear("")).isEqualTo("A dog leaves the view.");
  }

  @Test
  void nameThatMayBeAnothers_comesALookLater() {
    hear("", "A white oval.", "A white oval.");

    assertThat(hear("A white hexagon.")).isEmpty();
    assertThat(hearBetween("A white hexagon.")).isEmpty();
    assertThat(hear("A white hexagon.")).as("a second").isEmpty();
    assertThat(hearBetween("A white hexagon."))
        .isEqualTo("A white hexagon comes into view. A white oval leaves the view.");
    assertThat(hear("A white hexagon and a white cross.", "A white hexagon and a white cross."))
        .as("the hexagon is told under its own name")
        .isEqualTo("A white cross comes into view.");
  }

  @Test
  void severalAtOnce_areOneSentence_comingAndLeavingAreTwo() {
    hear("");
    assertThat(hear("A dog and an owl.", "An owl and a dog."))
        .isEqualTo("An owl and a dog come into view.");
    assertThat(hear("A dog.", "A cat and a dog.", "A cat and a dog."))
        .isEqualTo("A cat comes into view.An owl leaves the view.");
  }

  @Test
  void theMomentIsThatOfTheFirstClips() {
    hear("", "");
    Voice.Hearing first = hearing("A dog.");
    voice.hear(first, mouth());
    Optional<Span> moment = voice.hear(hearing("A dog."), mouth());
    assertThat(moment).contains(first.seen().clip().span());
  }

  @Test
  void whatIsThereFromTheStart_hasNotCome() {
    assertThat(hear("A dog.", "A dog and a cat.")).isEqualTo("A dog is there.");
    assertThat(hear("A dog and a cat.")).isEqualTo("A cat comes into view.");
  }

  @Test
  void afterAGap_whatIsThereIsToldAnew() {
    hear("", "A dog.", "A dog.");
    voice.restart();
    assertThat(hear("A dog.", "A dog.")).isEqualTo("A dog is there.");
  }

  @Test
  void plurals_areTheSameName() {
    assertThat(hear("", "A bus.", "Two buses.")).isEqualTo("A bus comes into view.");
    assertThat(hear("Two buses.", "A bus.")).isEmpty();
  }

  @Test
  void sumUp_saysHowItStands() {
    hear("", "A dog.", "A dog.", "A dog.");
    words.setLength(0);
    voice.sumUp(hearing("A dog."), Duration.ofMinutes(10), mouth());
    assertThat(words).hasToString("Nothing new for 10 minutes. A dog is there.");
    hear("", "", "");
    voice.sumUp(hearing(""), Duration.ofMinutes(5), mouth());
    assertThat(words).endsWith("Nothing new for 5 minutes. Nothing is there.");
  }

  /** What is said of clips with such captions, one after the other. */
  private String hear(String... captions) {
    words.setLength(0);
    for (String caption : captions) {
      voice.hear(hearing(caption), mouth());
    }
    return words.toString().replace(". ", ".");
  }

  /** What is said of a look from half a second before the next clip. */
  private String hearBetween(String caption) {
    words.setLength(0);
    voice.hear(hearing(caption, second - 0.5, true), mouth());
    return words.toString();
  }

  private Voice.Hearing hearing(String caption) {
    second++;
    return hearing(caption, second - 1, true);
  }

  private Voice.Hearing hearing(String caption, double start, boolean maySpeak) {
    Span span = Span.ofSeconds(start, start + 1);
    ClipKey key = new ClipKey(DOOR, (long) start);
    ClipEntry clip = new ClipEntry(key, span, Frames.START, "pack", caption, embedding);
    return new Voice.Hearing(new Seen(clip, 1, Optional.empty()), List.of(), maySpeak);
  }

  private Voice.Mouth mouth() {
    return new Voice.Mouth() {
      @Override
      public void say(String delta) {
        words.append(delta);
      }

      @Override
      public boolean isStopped() {
        return false;
      }
    };
  }
}
