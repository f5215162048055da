/** The command line and the one place where all parts are put together. */
@NullMarked
package org.onlooker.app;

import org.jspecify.annotations.NullMarked;
