/** The HTTP surface: what is answered to whom. */
@NullMarked
package io.github.mirrorservice.mirror.http;

import org.jspecify.annotations.NullMarked;
