/**
 * The proof of availability: the mirror as a process of its own, steady load on it, ingests under that load, and a report of
 * what its clients felt.
 */
@NullMarked
package io.github.mirrorservice.mirror.prove;

import org.jspecify.annotations.NullMarked;
