/** Boots the real server and speaks its protocols. */
@NullMarked
package org.onlooker.api;

import org.jspecify.annotations.NullMarked;
