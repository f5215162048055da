package org.onlooker.core;

/**
 * A stretch of a stream's encoded media on disk.
 *
 * @param span media time; of one that is being written, what is safe so far
 * @param bytes of its file
 */
public record Segment(StreamId stream, Span span, long bytes) {}
