/** Packs good and broken. */
@NullMarked
package org.onlooker.onnx;

import org.jspecify.annotations.NullMarked;
