/** Sources of frames: files, cameras and web streams through FFmpeg, and a test pattern. */
@NullMarked
package org.onlooker.ingest;

import org.jspecify.annotations.NullMarked;
