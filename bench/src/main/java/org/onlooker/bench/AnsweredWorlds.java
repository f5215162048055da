package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one run of {@code bench answers} found: what its watching cost, and every answer by policy.
 *
 * @param answers by policy, then by question
 */
record AnsweredWorlds(Measures measures, Map<String, Map<String, Answered>> answers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** @param text of the answer, as it was told */
  record Answered(Scored scored, String text, boolean isRight) {
    /** The same words, or both right: two ways to say it. */
    boolean agreesWith(Answered other) {
      return text.equals(other.text) || isRight && other.isRight;
    }
  }

  /**
   * Reads what {@code --out} and {@code --measures} wrote.
   *
   * @param answersFile as {@link AnswersFile}
   */
  static AnsweredWorlds read(Path answersFile, Path measuresFile) throws IOException {
    Map<String, Map<String, Answered>> answers = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(answersFile)) {
      JsonNode json = JSON.readTree(line);
      JsonNode asked = json.path("asked");
      JsonNode reply = json.path("reply");
      String policy = json.path("policy").asText();
      Map<String, Answered> ofPolicy = answers.computeIfAbsent(policy, _ -> new TreeMap<>());
      String question = ofPolicy.size() + " " + asked.path("id").asText();
      ofPolicy.put(
          question,
          new Answered(
              Scored.of(asked, reply),
              reply.path("answer").asText(),
              json.path("right").asBoolean()));
      number++;
    }
    if (number == 0) {
      throw new IOException(answersFile + " holds no answers");
    }
    return new AnsweredWorlds(Measures.read(measuresFile), answers);
  }

  Map<String, Answered> of(String policy) {
    return answers.getOrDefault(policy, Map.of());
  }

  Tally tally(String policy) {
    Tally tally = new Tally();
    of(policy).values().forEach(answered -> tally.add(answered.scored()));
    return tally;
  }

  /** How often a policy's answers agree with another run's to the same questions. */
  Proportion agreement(String policy, AnsweredWorlds other) {
    Proportion share = Proportion.NONE;
    Map<String, Answered> others = other.of(policy);
    for (var mine : of(policy).entrySet()) {
      Answered theirs = others.get(mine.getKey());
      share = theirs == null ? share : share.and(mine.getValue().agreesWith(theirs));
    }
    return share;
  }
}
