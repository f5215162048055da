package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.bench.RemarkFacts.Claim;
import org.onlooker.bench.RemarkFacts.Fact;

class RemarkFactsTest {
  @Test
  void sentence_aboutSeveral_claimsTheSameOfEach() {
    assertThat(RemarkFacts.of("A dog, a bus and an ice cream come into view."))
        .contains(List.of(
            new Fact("dog", Claim.CAME),
            new Fact("bus", Claim.CAME),
            new Fact("ice cream", Claim.CAME)));
    assertThat(RemarkFacts.of("A red square and a dog leave the view."))
        .contains(List.of(new Fact("red square", Claim.LEFT), new Fact("dog", Claim.LEFT)));
  }

  @Test
  void sentence_ofAnotherMouth_claimsWhatItMeans() {
    List<Fact> came = List.of(new Fact("dog", Claim.CAME));
    List<Fact> left = List.of(new Fact("dog", Claim.LEFT));
    List<Fact> there = List.of(new Fact("dog", Claim.IS_THERE));

    assertThat(RemarkFacts.of("A dog appears.")).contains(came);
    assertThat(RemarkFacts.of("The dog came into sight")).contains(came);
    assertThat(RemarkFacts.of("The dog is gone.")).contains(left);
    assertThat(RemarkFacts.of("A dog disappears")).contains(left);
    assertThat(RemarkFacts.of("There is a dog.")).contains(there);
    assertThat(RemarkFacts.of("A dog is still there.")).contains(there);
  }

  @Test
  void summary_isTwoSentencesWithAClaimEach() {
    List<String> sentences = RemarkFacts.sentences("Nothing new for 5 minutes. Nothing is there.");

    assertThat(sentences).hasSize(2);
    assertThat(RemarkFacts.of(sentences.getFirst())).contains(List.of(new Fact("5", Claim.QUIET)));
    assertThat(RemarkFacts.of(sentences.getLast()))
        .contains(List.of(new Fact("", Claim.NOTHING_THERE)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "and", "Dogs come into view.", "A dog barks.", "A dog and bus left."})
  void sentence_thatCannotBeRead_claimsNothing(String sentence) {
    assertThat(RemarkFacts.of(sentence)).isEmpty();
  }
}
