package org.onlooker.onnx;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.Prompt;

/**
 * The section {@code onlooker} of {@code config.json}: how a pack made for Onlooker was trained.
 * Published packs have none and are run in their own prompt form.
 *
 * @param name name of the pack
 * @param domain a sentence saying what the model knows; empty when it knows the world at large
 * @param clipDuration media time per clip
 * @param framesPerClip pictures per clip
 * @param sinks text of the sink tokens
 * @param clipOpen form of what stands before a clip's pictures, with {@code {mm}} and {@code {ss}}
 * @param frame form of one picture, with {@code {image}}
 * @param clipClose form of what stands behind a clip's pictures
 * @param time form of a moment in questions and answers
 * @param question form of a question, with {@code {question}}
 * @param windowClips clips a new clip sees while it is encoded
 * @param contextClips most clips in a context
 * @param dialogueTokens most tokens of earlier turns that it was trained to be told; 0 for none
 * @param captionQuestion asked for a caption, with {@code {time}}
 * @param nothing answers that mean an empty view
 * @param proofClips clips that must tell a thing before it counts as seen, where captions list what
 *     is there; 1 where they are free text
 * @param recallFloor cosine below which a clip does not match a question
 */
public record OnlookerConfig(
    String name,
    String domain,
    Duration clipDuration,
    int framesPerClip,
    String sinks,
    String clipOpen,
    String frame,
    String clipClose,
    String time,
    String question,
    int windowClips,
    int contextClips,
    int dialogueTokens,
    Optional<String> captionQuestion,
    List<String> nothing,
    int proofClips,
    double recallFloor) {

  static OnlookerConfig read(PackJson json) {
    return new OnlookerConfig(
        json.text("name"),
        json.textOr("domain", ""),
        Duration.ofMillis(Math.round(json.numberOr("clip_seconds", 1) * 1000)),
        json.integerOr("frames_per_clip", 1),
        json.text("sinks"),
        json.text("clip_open"),
        json.textOr("frame", "{image}"),
        json.text("clip_close"),
        json.text("time"),
        json.text("question"),
        json.integer("window_clips"),
        json.integer("max_context_clips"),
        json.integerOr("dialogue_tokens", Prompt.DIALOGUE_TOKENS_MAX),
        json.optionalText("caption_question"),
        List.copyOf(json.texts("nothing")),
        json.integerOr("proof_clips", 1),
        json.section("embedding").numberOr("recall_floor", 0));
  }
}
