/** Preprocessing, tower and embeddings against the reference library's. */
@NullMarked
package org.onlooker.vision;

import org.jspecify.annotations.NullMarked;
