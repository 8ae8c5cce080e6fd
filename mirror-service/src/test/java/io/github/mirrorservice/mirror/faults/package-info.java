/** Disks that fail, fill up and lose power. */
@NullMarked
package io.github.mirrorservice.mirror.faults;

import org.jspecify.annotations.NullMarked;
