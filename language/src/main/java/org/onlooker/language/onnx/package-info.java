/** The decoder of a pack on ONNX Runtime: caches, windows, answers. */
@NullMarked
package org.onlooker.language.onnx;

import org.jspecify.annotations.NullMarked;
