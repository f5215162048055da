package org.onlooker.core;

/** A stretch in which a stream was not watched, and why. */
public record Gap(Span span, String reason) {}
