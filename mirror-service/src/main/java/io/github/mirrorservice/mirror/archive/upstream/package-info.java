/** Asks hosts on the network for archives, and trusts none of them. */
@NullMarked
package io.github.mirrorservice.mirror.archive.upstream;

import org.jspecify.annotations.NullMarked;
