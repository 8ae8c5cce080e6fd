/** Content-addressed source archives. Knows neither opam nor the HTTP server. */
@NullMarked
package io.github.mirrorservice.mirror.archive;

import org.jspecify.annotations.NullMarked;
