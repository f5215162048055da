package org.onlooker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of {@link CrashBench}. */
final class CrashReport {
  private static final String NAME = "crash";
  private static final Optional<Double> NONE = Optional.of(0.0);

  /**
   * Time from a start after a kill.
   *
   * @param firstMillis of the first start, on an empty folder
   * @param millis of the others
   */
  record Recovery(double firstMillis, Percentiles millis) {}

  /**
   * What the rounds have shown.
   *
   * @param rounds starts that ended with a kill
   * @param early of them, kills that were not waited for the start with
   * @param answers that were given between kills
   * @param acknowledged clips
   * @param wrong pictures and citations that were other ones afterwards
   * @param torn clips of which a part is missing or damaged
   * @param clips in memory at the end
   */
  record Crashes(
      int rounds,
      int early,
      long answers,
      long acknowledged,
      long lost,
      long wrong,
      long torn,
      long clips,
      Recovery ready,
      Recovery answered) {}

  private final List<Figure> figures = new ArrayList<>();

  void add(Crashes seen, long behind) {
    count("kills while it starts", seen.early(), "kills", seen.rounds(), Optional.empty());
    count("answers between kills", seen.answers(), "asked", seen.rounds(), Optional.empty());
    count("clips lost", seen.lost(), "acknowledged", seen.acknowledged(), NONE);
    count("pictures, moments changed", seen.wrong(), "told", seen.answers(), NONE);
    count("clips torn", seen.torn(), "in memory", seen.clips(), NONE);
    count("index behind when ready", behind, "kills", seen.rounds(), Optional.empty());
    times("start to ready", seen.ready());
    times("start to an answer", seen.answered());
  }

  private void times(String what, Recovery recovery) {
    if (!recovery.millis().isEmpty()) {
      time(what + ", p50", recovery, 0.5);
      time(what + ", p95", recovery, 0.95);
      time(what + ", max", recovery, 1);
    }
  }

  private void time(String what, Recovery recovery, double share) {
    double millis = recovery.millis().at(share);
    double first = recovery.firstMillis();
    double ratio = millis / first;
    figures.add(
        new Figure(NAME, what, millis, "ms", "first start", first, ratio, Optional.empty()));
  }

  void add(List<DamageRounds.Case> damaged, StoredMemory whole) {
    long refused = damaged.stream().filter(c -> c.outcome().contains("refused")).count();
    long wrong = damaged.stream().mapToLong(DamageRounds.Case::wrong).sum();
    long served = damaged.stream().mapToLong(DamageRounds.Case::served).sum();
    long failed = damaged.stream().filter(DamageRounds.Case::failed).count();
    long clips = damaged.size() * (long) whole.clips().size();
    count("damages, starts refused", refused, "damages", damaged.size(), Optional.empty());
    count("damages, clips served", served, "clips", clips, Optional.empty());
    count("damages, parts wrong", wrong, "clips", clips, NONE);
    count("damages, crashes and hangs", failed, "damages", damaged.size(), NONE);
  }

  void add(FullDiskRun.Outcome disk) {
    count("full disk, clips lost", disk.lost(), "acknowledged", disk.acknowledged(), NONE);
    count("full disk, no answer", disk.asked() - disk.answered(), "asked", disk.asked(), NONE);
    double remembered = disk.rememberedAgainMillis();
    figures.add(new Figure(
        NAME,
        "room to recording again",
        disk.recordedAgainMillis(),
        "ms",
        "to remembering",
        remembered,
        disk.recordedAgainMillis() / remembered,
        Optional.empty()));
  }

  private void count(String what, long value, String of, long reference, Optional<Double> goal) {
    double ratio = value / (double) Math.max(1, reference);
    figures.add(new Figure(NAME, what, value, "", of, reference, ratio, goal));
  }

  boolean isMet() {
    return figures.stream().allMatch(Figure::isMet);
  }

  List<String> lines(boolean json) {
    return figures.stream().map(json ? Figure::json : Figure::row).toList();
  }
}
