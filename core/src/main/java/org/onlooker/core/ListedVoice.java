package org.onlooker.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The voice of packs whose captions list what is there: it tells which names came and left. What
 * one clip tells alone is told by the next ones too or was a slip of the model, above all while
 * something is half in view: so a change must hold for the time of the pack's proof ({@link
 * ModelCard#proofClips}) less one clip, and every look in that time must tell it. A caption is not
 * the only witness: the clip's embedding says of any name whether it is in the picture. A name that
 * it knows nothing of has not come; one that it still sees must be gone for half a clip longer,
 * since it may be half covered, and a name that may be another one's must be told for as much
 * longer. docs/benchmarks.md has what that costs in time and saves in wrong sentences.
 *
 * <p>What was said is what is held to be there, so nothing is said twice.
 */
final class ListedVoice implements Voice {
  private static final int CAPTIONS_KNOWN = 64;
  private static final int NAMES_KNOWN = 256;

  /** What may be said of a name. */
  private enum Fact {
    IS_THERE("is there", "are there"),
    COMES("comes into view", "come into view"),
    LEAVES("leaves the view", "leave the view");

    private final String ofOne;
    private final String ofSeveral;

    Fact(String ofOne, String ofSeveral) {
      this.ofOne = ofOne;
      this.ofSeveral = ofSeveral;
    }

    String of(Collection<String> names) {
      String list = String.join(" and ", names.stream().map(Notes::withArticle).toList());
      String sentence = list + " " + (names.size() == 1 ? ofOne : ofSeveral) + ".";
      return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
  }

  /**
   * Looks that tell of a change, without one between that does not.
   *
   * @param certain whether nothing about any of them speaks against it
   */
  private record Proof(ClipEntry first, ClipEntry last, boolean certain) {
    long micros() {
      return last.span().end().micros() - first.span().end().micros();
    }
  }

  private final ModelCard card;
  private final TextEmbedder embedder;
  private final Map<String, float[]> embedded = new LinkedHashMap<>();
  private final Set<String> captions = new LinkedHashSet<>();
  private Set<String> there = new LinkedHashSet<>();
  private Map<String, Proof> doubted = new LinkedHashMap<>();
  private Optional<ClipEntry> opening = Optional.empty();
  private String caption = "";

  ListedVoice(ModelCard card, TextEmbedder embedder) {
    this.card = card;
    this.embedder = embedder;
  }

  @Override
  public Duration refractory() {
    return Duration.ZERO;
  }

  @Override
  public boolean looksBetween() {
    return true;
  }

  @Override
  public boolean isInDoubt() {
    return !doubted.isEmpty();
  }

  @Override
  public Optional<Span> hear(Hearing hearing, Mouth mouth) {
    ClipEntry clip = hearing.seen().clip();
    caption = clip.caption();
    opening = opening.or(() -> Optional.of(clip));
    Set<String> names = names(caption);
    Map<String, Proof> told = new LinkedHashMap<>();
    names.stream()
        .filter(name -> !there.contains(name) && isSeen(name, clip))
        .forEach(name -> told.put(name, proof(name, clip, !mayBeOfAnother(name, names))));
    there.stream()
        .filter(name -> !names.contains(name))
        .forEach(name -> told.put(name, proof(name, clip, !isSeen(name, clip))));
    doubted = told;
    Map<String, Proof> proven = new LinkedHashMap<>(told);
    proven.values().removeIf(proof -> proof.micros() < neededMicros(proof));
    boolean speaks = hearing.maySpeak() && !proven.isEmpty();
    return speaks ? Optional.of(tell(proven, mouth)) : Optional.empty();
  }

  private Proof proof(String name, ClipEntry clip, boolean certain) {
    Proof before = doubted.getOrDefault(name, new Proof(clip, clip, true));
    return new Proof(before.first(), clip, before.certain() && certain);
  }

  /**
   * Whether a thing that is there may be told under this name, half covered as it is: it is not
   * told under its own, and the two share a word, as a white oval and a white hexagon do.
   */
  private boolean mayBeOfAnother(String name, Set<String> names) {
    Set<String> words = words(name);
    return there.stream()
        .anyMatch(known -> !names.contains(known) && !Collections.disjoint(words(known), words));
  }

  private static Set<String> words(String name) {
    return Set.copyOf(Arrays.asList(name.split(" ")));
  }

  /** From the first look of a proof to its last; half a clip is one look between clips more. */
  private long neededMicros(Proof proof) {
    long clipMicros = card.clipDuration().toNanos() / 1_000;
    long certainMicros = Math.max(0, card.proofClips() - 2) * clipMicros;
    return proof.certain() ? certainMicros : certainMicros + clipMicros / 2;
  }

  /** Whether the clip's embedding knows of a name, as it would for recall. */
  private boolean isSeen(String name, ClipEntry clip) {
    float[] text = embedded.computeIfAbsent(name, one -> embedder.embed(Notes.withArticle(one)));
    if (embedded.size() > NAMES_KNOWN) {
      embedded.remove(embedded.keySet().iterator().next());
    }
    return text.length == 0
        || clip.embedding().length != text.length
        || Cosine.of(text, clip.embedding()) >= card.recallFloor();
  }

  private Span tell(Map<String, Proof> proven, Mouth mouth) {
    Map<Fact, List<String>> facts = proven.keySet().stream()
        .collect(Collectors.groupingBy(
            name -> fact(name, proven.get(name)), LinkedHashMap::new, Collectors.toList()));
    String before = "";
    for (var fact : facts.entrySet()) {
      mouth.say(before + fact.getKey().of(fact.getValue()));
      before = " ";
    }
    proven.keySet().forEach(this::accept);
    List<ClipEntry> firsts = proven.values().stream()
        .map(Proof::first)
        .sorted(Comparator.comparingLong(clip -> clip.key().sequence()))
        .toList();
    return new Span(firsts.getFirst().span().start(), firsts.getLast().span().end());
  }

  private Fact fact(String name, Proof proof) {
    if (there.contains(name)) {
      return Fact.LEAVES;
    }
    boolean fromTheStart =
        opening.filter(clip -> clip.isSameClip(proof.first())).isPresent();
    return fromTheStart ? Fact.IS_THERE : Fact.COMES;
  }

  private void accept(String name) {
    doubted.remove(name);
    if (!there.remove(name)) {
      there.add(name);
    }
  }

  private Set<String> names(String text) {
    captions.remove(text);
    captions.add(text); // the newest last
    if (captions.size() > CAPTIONS_KNOWN) {
      captions.remove(captions.iterator().next());
    }
    return new CaptionNames(new ArrayList<>(captions)).in(text);
  }

  @Override
  public String holds() {
    return caption;
  }

  @Override
  public void sumUp(Hearing hearing, Duration quiet, Mouth mouth) {
    mouth.say("Nothing new for " + quiet.toMinutes() + " minutes. ");
    mouth.say(there.isEmpty() ? "Nothing is there." : Fact.IS_THERE.of(there));
  }

  @Override
  public void restart() {
    there = new LinkedHashSet<>();
    doubted = new LinkedHashMap<>();
    opening = Optional.empty();
  }
}
