package org.onlooker.retrieval;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.TimeReader;
import org.onlooker.core.TimedQuestion;
import org.onlooker.retrieval.FoundTimes.Meaning;

/**
 * Reads the time expressions of English questions.
 *
 * <p>A moment ("at 1:23", "two minutes ago", "yesterday at 9") becomes {@code "at "} and the
 * moment, the form that the model was trained on. A stretch ("in the last 5 minutes", "since
 * 14:00", "before 0:40", "yesterday") leaves the words and becomes the scope. A time outside what
 * was watched stays in the words and makes the scope empty: nothing of it can be found. "Now",
 * "last", "first" and "ever" stay in the words and set what the question is about and its order.
 * {@link SpokenTime} says how the two clocks are told apart, {@link SpokenDay} which days are
 * known.
 */
public final class EnglishTimes implements TimeReader {
  private static final String DURATION = SpokenDuration.REGEX;
  private static final String TIME = SpokenTime.LOOSE_REGEX;
  private static final String STREAM =
      "(?: (?:of|in|into) (?:the|this) (?:stream|video|recording|film|footage))?";
  private static final String ABOUT =
      "(?:(?:about|around|roughly|approximately|exactly|nearly|almost|maybe|just|some) )*";

  private static final Pattern LONGER_AGO =
      pattern("\\b(?:more than|over|longer than) (" + DURATION + ") ago\\b");
  private static final Pattern SHORTER_AGO =
      pattern("\\b(?:less than|under|within) (" + DURATION + ") ago\\b");
  private static final Pattern LAST =
      pattern("(?:\\b(?:in|within|during|over|for|throughout|from|of) )?\\b(?:the )?"
          + "(?:last|past|previous) (" + DURATION + "|" + SpokenDuration.UNIT_REGEX + ")");
  private static final Pattern FIRST = pattern("\\b(?:in|within|during|over|of) the first ("
      + DURATION + "|" + SpokenDuration.UNIT_REGEX + ")" + STREAM);
  private static final Pattern BETWEEN = pattern("\\b(?:between|from) (" + TIME
      + ")(?: and | to | till | until | ?[-–] ?)(" + TIME + ")" + STREAM);
  private static final Pattern SINCE_START =
      pattern("\\bsince the (?:very )?(?:start|beginning)" + STREAM);
  private static final Pattern SINCE =
      pattern("\\b(?:ever since|since|after|later than) (" + TIME + ")" + STREAM);
  private static final Pattern FROM_ON =
      pattern("\\bfrom (" + TIME + ") on(?:wards?)?\\b" + STREAM);
  private static final Pattern BEFORE =
      pattern("\\b(?:before|until|till|up to|earlier than|prior to) (" + TIME + ")" + STREAM);

  private static final Pattern AT_START =
      pattern("\\b(?:right )?at the (?:very )?(?:start|beginning)" + STREAM);
  private static final Pattern MOMENT_AGO = pattern("\\b(?:just )?(?:a )?moments? ago\\b");
  private static final Pattern AGO =
      pattern("(?:\\bat )?\\b" + ABOUT + "(" + DURATION + ")(?: or so)? (?:ago|back|earlier)\\b");
  private static final Pattern AT_POSITION =
      pattern("\\bat (?:the )?" + ABOUT + "(" + DURATION + ")(?:[- ](?:mark|in\\b))?" + STREAM);
  private static final Pattern INTO = pattern("\\b" + ABOUT + "(" + DURATION
      + ") in(?:to)? (?:the|this) (?:stream|video|recording|film|footage)");
  private static final Pattern AT = pattern("(?:(?:\\bat|\\bas of|@|\\bfrom) ?)?\\b" + ABOUT + "("
      + SpokenTime.REGEX + ")(?: or so)?" + STREAM);
  private static final Pattern AT_HOUR = pattern("\\bat " + ABOUT + "(\\d{1,2}|"
      + SpokenDuration.NUMBER_WORD + ")(?=\\s*(?:[?.!,]|$|yesterday|today|on |this |last ))");

  private static final Pattern HOUR_DIGITS =
      pattern("^(?:[\\d:]+|" + SpokenDuration.NUMBER_WORD + ")");

  private static final Duration A_MOMENT = Duration.ofSeconds(5);

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, CASE_INSENSITIVE);
  }

  @Override
  public TimedQuestion read(
      String question, Pts now, Instant startTime, boolean live, ZoneId zone) {
    TimeFrame frame = new TimeFrame(now, startTime, live, zone);
    String text = question.strip().replaceAll("\\s+", " ");
    Optional<SpokenDay> day = SpokenDay.find(text, frame);
    SpokenTime times = new SpokenTime(frame, day);
    FoundTimes found = new FoundTimes(text, frame, day);
    findStretches(found, frame, times);
    findMoments(found, frame, times);
    return found.question();
  }

  private static void findStretches(FoundTimes found, TimeFrame frame, SpokenTime times) {
    found.stretches(LONGER_AGO, m -> fromStart(frame, ago(frame, m)));
    found.stretches(SHORTER_AGO, m -> untilNow(frame, ago(frame, m)));
    found.stretches(LAST, m -> untilNow(frame, frame.ago(duration(m.group(1)))));
    found.stretches(
        FIRST, m -> fromStart(frame, Pts.ZERO.plusMicros(micros(duration(m.group(1))))));
    found.find(BETWEEN, m -> between(found, frame, times, m));
    found.stretches(SINCE_START, _ -> untilNow(frame, Pts.ZERO));
    for (Pattern since : new Pattern[] {FROM_ON, SINCE}) {
      found.find(since, m -> single(found, times, m, t -> frame.watched(t, frame.now())));
    }
    found.find(BEFORE, m -> single(found, times, m, t -> frame.watched(Pts.ZERO, t)));
  }

  private static void findMoments(FoundTimes found, TimeFrame frame, SpokenTime times) {
    found.moments(AT_START, _ -> Optional.of(Pts.ZERO));
    found.moments(MOMENT_AGO, _ -> Optional.of(frame.clamped(frame.ago(A_MOMENT))));
    found.moments(AGO, m -> watched(frame, ago(frame, m)));
    for (Pattern position : new Pattern[] {INTO, AT_POSITION}) {
      found.moments(position, m -> watched(frame, new Pts(micros(duration(m.group(1))))));
    }
    found.moments(AT, m -> times.resolve(m.group(1)));
    found.find(AT_HOUR, m -> hour(found, times.resolve(m.group(1) + " o'clock")));
  }

  /** "At 9" without a day is a time only where there was such a time. */
  private static Optional<Meaning> hour(FoundTimes found, Optional<Pts> moment) {
    return moment.isPresent() || found.hasDay()
        ? Optional.of(Meaning.moment(moment))
        : Optional.empty();
  }

  private static Optional<Span> untilNow(TimeFrame frame, Pts from) {
    return Optional.of(frame.watched(from, frame.now()));
  }

  private static Optional<Span> fromStart(TimeFrame frame, Pts to) {
    return Optional.of(frame.watched(Pts.ZERO, to));
  }

  private static Optional<Pts> watched(TimeFrame frame, Pts moment) {
    return frame.contains(moment) ? Optional.of(frame.clamped(moment)) : Optional.empty();
  }

  private static Pts ago(TimeFrame frame, Matcher match) {
    return frame.ago(SpokenDuration.parse(match.group(1)));
  }

  /** "5 minutes", or "minute" for one. */
  private static Duration duration(String text) {
    return text.matches("(?i)" + SpokenDuration.UNIT_REGEX)
        ? SpokenDuration.one(text)
        : SpokenDuration.parse(text);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  private static Optional<Meaning> between(
      FoundTimes found, TimeFrame frame, SpokenTime times, Matcher match) {
    String from = match.group(1);
    String to = match.group(2);
    if (!SpokenTime.isStrict(from) && !SpokenTime.isStrict(to) && !found.hasDay()) {
      return Optional.empty(); // "between two and three dogs"
    }
    if (!SpokenTime.isStrict(from)) {
      from = from + HOUR_DIGITS.matcher(to).replaceFirst(""); // "2 and 3 pm"
    }
    String start = strict(from);
    String end = strict(to);
    return Optional.of(Meaning.stretch(
        times.resolve(start).map(t -> frame.watched(t, times.resolveEnd(start, end)))));
  }

  /** The time of "since 9"; a bare hour only counts with a day or at the end of a clause. */
  private static Optional<Meaning> single(
      FoundTimes found, SpokenTime times, Matcher match, Function<Pts, Span> stretch) {
    String time = match.group(1);
    boolean isTime = SpokenTime.isStrict(time) || found.hasDay() || found.endsClause(match.end());
    return isTime
        ? Optional.of(Meaning.stretch(times.resolve(strict(time)).map(stretch)))
        : Optional.empty();
  }

  private static String strict(String time) {
    return SpokenTime.isStrict(time) ? time : time + " o'clock";
  }
}
