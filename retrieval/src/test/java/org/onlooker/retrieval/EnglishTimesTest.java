package org.onlooker.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.onlooker.core.Pts;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Span;
import org.onlooker.core.TimedQuestion;

/**
 * The table {@code english-times.csv}: at which stream, what is asked, what it is read as. Streams:
 * {@code short} runs for 10 minutes since 13:00 in Berlin, {@code long} for 30 hours until 15:00 on
 * Saturday, 21 November 2026.
 */
final class EnglishTimesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant SHORT_START = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant LONG_START = Instant.parse("2026-11-20T08:00:00Z");

  @ParameterizedTest(name = "{0}: {1}")
  @CsvFileSource(
      resources = "english-times.csv",
      delimiter = '|',
      useHeadersInDisplayName = false,
      numLinesToSkip = 1)
  void read_phrasing_isResolved(
      String stream, String question, String words, String about, String order, String scope) {
    boolean isShort = stream.equals("short");
    Pts now = Pts.ofSeconds(isShort ? 600 : 30 * 3600);
    TimedQuestion read =
        new EnglishTimes().read(question, now, isShort ? SHORT_START : LONG_START, true, BERLIN);
    assertThat(told(read)).isEqualTo(words);
    assertThat(read.about().name().toLowerCase(Locale.ROOT)).isEqualTo(about);
    assertThat(read.order().name().toLowerCase(Locale.ROOT))
        .isEqualTo(order == null ? "relevance" : order);
    assertThat(read.scope().map(EnglishTimesTest::told).orElse(null)).isEqualTo(scope);
  }

  @Test
  void read_ofARecording_prefersThePosition() {
    Instant start = Instant.parse("2026-11-21T23:29:00Z"); // 0:29 in Berlin
    Pts now = Pts.ofSeconds(2 * 3600);
    String question = "What was there at 1:00:13?";
    assertThat(new EnglishTimes().read(question, now, start, false, BERLIN).moment())
        .contains(Pts.ofSeconds(3613));
    assertThat(new EnglishTimes().read(question, now, start, true, BERLIN).moment())
        .contains(Pts.ofSeconds(1873));
  }

  @Test
  void read_questionWithoutTime_isLeftAsTyped() {
    TimedQuestion read =
        new EnglishTimes().read("Is there a second dog?", new Pts(0), SHORT_START, true, BERLIN);
    assertThat(read.parts())
        .containsExactly(new TimedQuestion.Part.Words("Is there a second dog?"));
    assertThat(read.order()).isEqualTo(RecallQuery.Order.RELEVANCE);
    assertThat(read.words()).isEqualTo("Is there a second dog?");
  }

  @Test
  void read_empty_hasNoParts() {
    TimedQuestion read = new EnglishTimes().read("  ", new Pts(0), SHORT_START, true, BERLIN);
    assertThat(read.parts()).isEmpty();
    assertThat(read.about()).isEqualTo(TimedQuestion.About.NOW);
  }

  /** The words with moments as seconds in angle brackets. */
  private static String told(TimedQuestion question) {
    StringBuilder told = new StringBuilder();
    for (TimedQuestion.Part part : question.parts()) {
      switch (part) {
        case TimedQuestion.Part.Words words -> told.append(words.text());
        case TimedQuestion.Part.At at ->
          told.append('<').append(told(at.moment())).append('>');
      }
    }
    return told.toString();
  }

  private static String told(Span span) {
    return told(span.start()) + "-" + told(span.end());
  }

  private static String told(Pts pts) {
    double seconds = pts.seconds();
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }
}
