/** Everything opam: the snapshot, its index and how the next one is made from the last. */
@NullMarked
package io.github.mirrorservice.mirror.opam;

import org.jspecify.annotations.NullMarked;
