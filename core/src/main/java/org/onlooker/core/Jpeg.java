package org.onlooker.core;

/** A picture for people, as JPEG bytes. */
@SuppressWarnings("ArrayRecordComponent") // bytes are passed on, never compared
public record Jpeg(byte[] bytes) {}
