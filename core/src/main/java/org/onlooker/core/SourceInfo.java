package org.onlooker.core;

/**
 * What opening a source told.
 *
 * @param live frames come at their own pace and are lost when nobody takes them
 * @param framesPerSecond of the source; 0 when unknown
 * @param codec FFmpeg's name
 */
public record SourceInfo(
    boolean live, int width, int height, double framesPerSecond, String codec) {}
