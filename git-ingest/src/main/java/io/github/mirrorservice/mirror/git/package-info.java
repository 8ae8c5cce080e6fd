/** A local mirror of a Git remote: commits, tree changes, blobs. Knows nothing of opam. */
@NullMarked
package io.github.mirrorservice.mirror.git;

import org.jspecify.annotations.NullMarked;
