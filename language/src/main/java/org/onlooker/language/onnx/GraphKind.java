package org.onlooker.language.onnx;

/**
 * What a decoder graph allows.
 *
 * @param positioned {@code position_ids} are taken and honoured; otherwise a row's position is its
 *     place in the cache (GroupQueryAttention without them)
 * @param inPlace one buffer longer than the sequence may be past and present at once
 */
record GraphKind(boolean positioned, boolean inPlace) {}
