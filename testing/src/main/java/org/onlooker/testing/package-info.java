/** Contract tests that every implementation of a port passes, and fixtures that modules share. */
@NullMarked
package org.onlooker.testing;

import org.jspecify.annotations.NullMarked;
