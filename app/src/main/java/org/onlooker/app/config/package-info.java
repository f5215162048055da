/** What can be set: one file, environment overrides, defaults; nothing unknown is accepted. */
@NullMarked
package org.onlooker.app.config;

import org.jspecify.annotations.NullMarked;
