/** What flows through Onlooker, the ports to its stages, and the two stories: watch and ask. */
@NullMarked
package org.onlooker.core;

import org.jspecify.annotations.NullMarked;
