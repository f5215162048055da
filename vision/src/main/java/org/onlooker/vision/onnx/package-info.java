/** Vision tower and text embedding on ONNX Runtime. */
@NullMarked
package org.onlooker.vision.onnx;

import org.jspecify.annotations.NullMarked;
