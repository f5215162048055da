/** Benchmarks that print each figure beside what it is compared with. */
@NullMarked
package org.onlooker.bench;

import org.jspecify.annotations.NullMarked;
