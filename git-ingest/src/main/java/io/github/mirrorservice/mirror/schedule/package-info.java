/**
 * The shared schedulers and the cooperation operator: how ingest gives way to requests.
 *
 * <p>{@link io.github.mirrorservice.mirror.schedule.Lanes} owns the threads and {@link
 * io.github.mirrorservice.mirror.schedule.Cooperation} is what pipelines use. Below them, {@code HandOver} and {@code
 * Lane} say why and how an event loop is given back, and {@code SlicedSubscriber} is the operator itself.
 */
@NullMarked
package io.github.mirrorservice.mirror.schedule;

import org.jspecify.annotations.NullMarked;
