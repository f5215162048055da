/** Onlooker from outside: the page, REST, WebSocket, health and metrics on one port. */
@NullMarked
package org.onlooker.api;

import org.jspecify.annotations.NullMarked;
