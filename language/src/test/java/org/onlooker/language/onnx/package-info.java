/** Parity with the reference library, and behaviour over an endless stream. */
@NullMarked
package org.onlooker.language.onnx;

import org.jspecify.annotations.NullMarked;
