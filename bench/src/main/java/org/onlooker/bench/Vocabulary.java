package org.onlooker.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of one kind of thing and the words that stand for each.
 *
 * @param names word to the name it stands for; each name for itself too
 */
record Vocabulary(Map<String, String> names) {
  static final Vocabulary COLORS =
      of("black white gray:grey brown red orange yellow green teal cyan blue purple:violet pink"
          + " gold:golden silver beige magenta maroon navy turquoise");
  static final Vocabulary SHAPES =
      of("circle:circles:circular:disc:disk square:squares rectangle:rectangles:rectangular"
          + " triangle:triangles:triangular star:stars diamond:diamonds:rhombus"
          + " pentagon:pentagons hexagon:hexagons octagon:octagons oval:ovals:ellipse cross:plus"
          + " heart:hearts ring:rings arrow:arrows crescent");
  private static final Vocabulary PLACES =
      of("left right top:upper:up bottom:lower:down middle:center:centre:central:mid");
  private static final Vocabulary DIRECTIONS =
      of("left:leftward:leftwards right:rightward:rightwards up:upward:upwards"
          + " down:downward:downwards still:stationary:motionless:unmoving:standing:stands:stays");
  private static final Pattern WORD = Pattern.compile("[^a-z]+");
  private static final Pattern NOT_A_SIDE = Pattern.compile("\\bright (?:now|away|here|there)\\b");
  private static final Pattern ORIGIN = Pattern.compile("\\bfrom (?:the )?[a-z]+\\b");
  private static final Pattern AT_REST =
      Pattern.compile("\\b(?:not|isn't|doesn't|wasn't|didn't|hardly) (?:mov\\w*|going)\\b"
          + "|^(?:no|nowhere|not at all)\\b");
  private static final Pattern ON_THE_WAY = Pattern.compile("\\bstill (?=mov|go)");

  Vocabulary {
    names = Map.copyOf(names);
  }

  private static Vocabulary of(String table) {
    Map<String, String> names = new HashMap<>();
    for (String entry : table.split(" ")) {
      String[] words = entry.split(":");
      for (String word : words) {
        names.put(word, words[0]);
      }
    }
    return new Vocabulary(names);
  }

  /** Whether {@code said} names {@code truth} and no other of its kind. */
  boolean isOnly(String truth, String said) {
    return isOnly(truth, in(said, truth));
  }

  private boolean isOnly(String truth, Set<String> named) {
    return named.equals(Set.of(names.getOrDefault(truth, truth)));
  }

  private Set<String> in(String said, String truth) {
    Set<String> named = new TreeSet<>();
    for (String word : WORD.split(said)) {
      String name = names.getOrDefault(word, word.equals(truth) ? truth : "");
      if (!name.isEmpty()) {
        named.add(name);
      }
    }
    return named;
  }

  /** "Middle left" is "left": the middle is named for what no side is named for. */
  static boolean isPlace(String truth, String said) {
    return sides(NOT_A_SIDE.matcher(said).replaceAll(" ")).equals(sides(truth));
  }

  private static Set<String> sides(String text) {
    Set<String> sides = PLACES.in(text, "");
    if (sides.size() > 1) {
      sides.remove("middle");
    }
    return sides;
  }

  /** "From left to right" is "right"; what does not move is "still". */
  static boolean isDirection(String truth, String said) {
    String way = ORIGIN.matcher(said).replaceAll(" ");
    way = ON_THE_WAY.matcher(NOT_A_SIDE.matcher(way).replaceAll(" ")).replaceAll(" ");
    way = AT_REST.matcher(way).replaceAll(" still ");
    return DIRECTIONS.isOnly(truth, way);
  }
}
