package org.onlooker.core;

import java.time.Duration;

/**
 * What the product needs to know of a loaded pack.
 *
 * @param domain a sentence for users when the model knows only a small world; empty otherwise
 * @param fingerprint of files, dtype, prompt, RoPE and preprocessing
 * @param clipDuration media time per clip as trained
 * @param framesPerClip most frames a clip holds, as trained
 * @param labelPeriod after which clip labels repeat
 * @param contextTokens most tokens a context may hold, question and answer included
 * @param contextClips most clips a context should hold, as trained
 * @param contextClipTokens most tokens that they may take together
 * @param clipTokens that a clip takes of which no token is left out, its labels included
 * @param windowClips clips a new clip sees while it is encoded
 * @param dialogueTokens most tokens of earlier turns that it can be told; 0 for none
 * @param proofClips clips that must tell a thing before it counts as seen, where captions list what
 *     is there; 1 where they are free text
 * @param recallFloor cosine below which a clip does not match a question
 * @param device execution provider in use, as {@code cpu} or {@code cuda}
 */
public record ModelCard(
    String name,
    String domain,
    String fingerprint,
    KvShape shape,
    Duration clipDuration,
    int framesPerClip,
    Duration labelPeriod,
    int contextTokens,
    int contextClips,
    int contextClipTokens,
    int clipTokens,
    int windowClips,
    int dialogueTokens,
    int proofClips,
    double recallFloor,
    String device) {
  /** Clips before it that a block holds something of: each layer looks a window further back. */
  int contextReach() {
    return windowClips * shape.layers();
  }
}
