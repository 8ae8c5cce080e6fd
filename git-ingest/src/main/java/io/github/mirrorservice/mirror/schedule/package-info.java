/** The shared schedulers and the cooperation operator: how ingest gives way to requests. */
@NullMarked
package io.github.mirrorservice.mirror.schedule;

import org.jspecify.annotations.NullMarked;
