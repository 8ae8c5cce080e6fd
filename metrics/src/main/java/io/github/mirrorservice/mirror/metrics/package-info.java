/** Every meter of the mirror, and the proof of its availability. */
@NullMarked
package io.github.mirrorservice.mirror.metrics;

import org.jspecify.annotations.NullMarked;
