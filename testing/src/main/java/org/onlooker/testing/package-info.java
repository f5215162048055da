/** Contract tests that every implementation of a port passes, and fixtures shared by the modules. */
@NullMarked
package org.onlooker.testing;

import org.jspecify.annotations.NullMarked;
