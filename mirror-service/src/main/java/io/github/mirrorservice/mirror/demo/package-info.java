/** The generated repository behind {@code --remote demo:}: a Git remote that needs no network and keeps getting merges. */
@NullMarked
package io.github.mirrorservice.mirror.demo;

import org.jspecify.annotations.NullMarked;
