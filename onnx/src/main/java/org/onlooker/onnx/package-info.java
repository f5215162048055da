/** ONNX sessions, tensors and model packs: what the vision and language stages share. */
@NullMarked
package org.onlooker.onnx;

import org.jspecify.annotations.NullMarked;
