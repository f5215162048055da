/** From pictures to what a vision tower takes. */
@NullMarked
package org.onlooker.vision;

import org.jspecify.annotations.NullMarked;
