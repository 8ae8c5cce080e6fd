/** opam's file format: what an opam file and the repo file say. */
@NullMarked
package io.github.mirrorservice.mirror.opam.format;

import org.jspecify.annotations.NullMarked;
