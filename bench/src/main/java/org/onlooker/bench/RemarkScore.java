package org.onlooker.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How well what was said of a drawn world tells what came and left in it.
 *
 * <p>F1 is over facts: a fact is right when its event is within {@link #TOLERANCE_SECONDS} of the
 * moment that the remark is about, and none before it told that event; told again it is a repeat. A
 * sentence is wrong when a fact of it is false, or when it cannot be read.
 */
final class RemarkScore {
  static final double TOLERANCE_SECONDS = 2;
  private static final double SECONDS_PER_MINUTE = 60;

  /**
   * Something said.
   *
   * @param start seconds of media time of the moment that it is about
   * @param end of that moment
   * @param saidAt seconds of media time at which it was said
   */
  record Said(double start, double end, double saidAt, String text) {}

  private final WorldEvents world;
  private final Set<WorldEvents.Event> told = new HashSet<>();
  private final List<Double> lags = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private Set<String> named = Set.of();
  private int facts;
  private int repeats;
  private int sentences;

  RemarkScore(WorldEvents world) {
    this.world = world;
  }

  void add(Said said) {
    for (String sentence : RemarkFacts.sentences(said.text())) {
      Optional<List<RemarkFacts.Fact>> claimed = RemarkFacts.of(sentence);
      boolean isTrue = claimed.isPresent();
      for (RemarkFacts.Fact fact : claimed.orElse(List.of())) {
        isTrue &= add(said, fact);
      }
      sentences++;
      if (!isTrue) {
        wrong.add(String.format("%.1f %s", said.start(), sentence));
      }
    }
  }

  /**
   * Takes in a caption that lists what is there, told without memory: what the one before did not
   * name is read as having come, what it alone named as having left. It is wrong when it names what
   * is not there, and a repeat when it says what the one before did.
   */
  void addCaption(Said said, Set<String> names) {
    boolean isTrue =
        names.stream().allMatch(name -> world.isThere(name, said.start(), TOLERANCE_SECONDS));
    names.stream()
        .filter(name -> !named.contains(name))
        .forEach(name -> addEvent(said, name, WorldEvents.Kind.CAME));
    named.stream()
        .filter(name -> !names.contains(name))
        .forEach(name -> addEvent(said, name, WorldEvents.Kind.LEFT));
    repeats += names.equals(named) ? 1 : 0;
    sentences++;
    if (!isTrue) {
      wrong.add(String.format("%.1f %s", said.start(), said.text()));
    }
    named = names;
  }

  private boolean add(Said said, RemarkFacts.Fact fact) {
    return switch (fact.claim()) {
      case CAME -> addEvent(said, fact.name(), WorldEvents.Kind.CAME);
      case LEFT -> addEvent(said, fact.name(), WorldEvents.Kind.LEFT);
      case IS_THERE -> world.isThere(fact.name(), said.start(), TOLERANCE_SECONDS);
      case NOTHING_THERE -> world.isNothingThere(said.start(), TOLERANCE_SECONDS);
      case QUIET -> {
        double quiet = Double.parseDouble(fact.name()) * SECONDS_PER_MINUTE;
        double margin = 2 * TOLERANCE_SECONDS; // it was told of what ended the noise
        yield !world.isEventful(said.end() - quiet + margin, said.end() - margin);
      }
    };
  }

  private boolean addEvent(Said said, String name, WorldEvents.Kind kind) {
    facts++;
    Optional<WorldEvents.Event> nearest = Optional.empty();
    double least = TOLERANCE_SECONDS;
    for (WorldEvents.Event event : world.all()) {
      double distance = event.distance(said.start(), said.end());
      if (event.kind() == kind && event.name().equals(name) && distance <= least) {
        nearest = Optional.of(event);
        least = distance;
      }
    }
    nearest.ifPresent(event -> {
      if (told.add(event)) {
        lags.add(said.saidAt() - event.to());
      } else {
        repeats++;
      }
    });
    return nearest.isPresent();
  }

  double precision() {
    return facts == 0 ? 0 : (double) told.size() / facts;
  }

  double recall() {
    return world.all().isEmpty() ? 0 : (double) told.size() / world.all().size();
  }

  double f1() {
    double sum = precision() + recall();
    return sum == 0 ? 0 : 2 * precision() * recall() / sum;
  }

  double wrongShare() {
    return sentences == 0 ? 0 : (double) wrong.size() / sentences;
  }

  double repeatsPerMinute() {
    return repeats / (world.seconds() / SECONDS_PER_MINUTE);
  }

  double sentencesPerMinute() {
    return sentences / (world.seconds() / SECONDS_PER_MINUTE);
  }

  /** Seconds from the end of an event to the words that told it first. */
  double lag(double share) {
    Percentiles seconds = new Percentiles();
    lags.forEach(seconds::add);
    return seconds.isEmpty() ? Double.NaN : seconds.at(share);
  }

  /** The sentences that are wrong, each behind its second. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  int eventCount() {
    return world.all().size();
  }
}
