/** Prompt forms and answer text against the reference library's. */
@NullMarked
package org.onlooker.language;

import org.jspecify.annotations.NullMarked;
