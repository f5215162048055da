/** The tower against the reference library's. */
@NullMarked
package org.onlooker.vision.onnx;

import org.jspecify.annotations.NullMarked;
