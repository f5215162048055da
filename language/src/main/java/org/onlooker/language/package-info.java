/** What a decoder is told and what it says: prompt forms, rotary positions, answer text. */
@NullMarked
package org.onlooker.language;

import org.jspecify.annotations.NullMarked;
