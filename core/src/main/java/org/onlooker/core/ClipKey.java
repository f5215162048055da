package org.onlooker.core;

/**
 * Identity of a clip in memory.
 *
 * @param sequence counts the clips of a stream from 0; order of sequence is order of time
 */
public record ClipKey(StreamId stream, long sequence) {}
