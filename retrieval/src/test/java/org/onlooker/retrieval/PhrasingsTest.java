package org.onlooker.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Pts;
import org.onlooker.core.RecallQuery.Order;
import org.onlooker.core.TimedQuestion;
import org.onlooker.core.TimedQuestion.About;
import org.onlooker.core.TimedQuestion.Change;
import org.onlooker.core.TimedQuestion.Neighbour;

/**
 * Questions are read as what they ask in the sentences that the embedded model is trained with
 * ({@code training/onlooker_world/phrasings.py} writes them): what is read wrongly gets the clips
 * of another question.
 */
class PhrasingsTest {
  private static final double GOAL = 0.98;
  private static final Set<String> REFER_BACK = Set.of(
      "beside",
      "and_where",
      "and_motion",
      "and_color",
      "and_before",
      "and_after",
      "and_long",
      "again");

  private record Phrasing(String key, boolean timed, String sentence) {
    static Phrasing of(String row) {
      String[] columns = row.split("\t");
      return new Phrasing(columns[0], columns[1].equals("timed"), columns[2]);
    }
  }

  @Test
  void trainedPhrasingsAreReadAsWhatTheyAsk() throws IOException {
    List<Phrasing> all = phrasings();

    List<Phrasing> wrong = all.stream().filter(one -> !isRight(one)).toList();

    assertThat(all).hasSizeGreaterThan(500);
    assertThat(wrong).as("read wrongly, of %d", all.size()).hasSizeLessThanOrEqualTo((int)
        ((1 - GOAL) * all.size()));
  }

  private static List<Phrasing> phrasings() throws IOException {
    try (InputStream file = PhrasingsTest.class.getResourceAsStream("phrasings.tsv")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(Phrasing::of)
          .toList();
    }
  }

  private static boolean isRight(Phrasing one) {
    TimedQuestion read = new EnglishTimes()
        .read(
            one.sentence(),
            Pts.ofSeconds(300),
            Instant.parse("2026-01-01T12:00:00Z"),
            false,
            ZoneOffset.UTC);
    return isRead(read, one) && (!REFER_BACK.contains(one.key()) || read.refersBack());
  }

  private static boolean isRead(TimedQuestion read, Phrasing one) {
    boolean history = read.about() == About.HISTORY && read.change() == Change.NONE;
    return switch (one.key()) {
      case "now", "count_now" -> isOf(read, About.NOW);
      case "at" -> isOf(read, About.MOMENT);
      case "where", "motion", "color", "shape", "sign", "happening" ->
        isOf(read, one.timed() ? About.MOMENT : About.NOW);
      case "changed", "between" -> read.change() == Change.CAME;
      case "gone" -> read.change() == Change.LEFT;
      case "count_different" -> read.change() == Change.NUMBER;
      case "before", "and_before" -> read.neighbour() == Neighbour.BEFORE;
      case "after", "and_after" -> read.neighbour() == Neighbour.AFTER;
      case "ever" ->
        history
            && read.neighbour() == Neighbour.NONE
            && read.order() != Order.EVERY
            && read.order() != Order.WHOLE;
      case "first_seen" -> history && read.order() == Order.OLDEST;
      case "last_seen" -> history && read.order() == Order.NEWEST;
      case "all_times", "how_often", "again" -> history && read.order() == Order.EVERY;
      case "how_long", "and_long" -> history && read.order() == Order.WHOLE;
      default -> true; // what cannot be known, and what stands beside: any clips do
    };
  }

  private static boolean isOf(TimedQuestion read, About about) {
    return read.about() == about && read.change() == Change.NONE;
  }
}
