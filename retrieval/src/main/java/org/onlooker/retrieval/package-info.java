/** Finding clips: the index, hybrid ranking, and the time expressions of questions. */
@NullMarked
package org.onlooker.retrieval;

import org.jspecify.annotations.NullMarked;
