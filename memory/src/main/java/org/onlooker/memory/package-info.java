/** The durable memory store: what is kept of every clip, and its form on disk. */
@NullMarked
package org.onlooker.memory;

import org.jspecify.annotations.NullMarked;
