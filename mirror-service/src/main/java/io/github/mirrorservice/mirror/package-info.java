/** The command line, the assembly and the lifecycle. */
@NullMarked
package io.github.mirrorservice.mirror;

import org.jspecify.annotations.NullMarked;
