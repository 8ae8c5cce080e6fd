package io.github.mirrorservice.mirror.archive.upstream;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Flux;

/**
 * An answer that may be the archive.
 *
 * @param length bytes of the whole archive; empty if the host does not say, and then only a digest can tell whether the body
 *     is whole
 * @param from how many bytes of the archive come before the body: 0, or what was resumed from
 * @param validator the strong entity tag of the archive, in its quotes
 * @param body the bytes, once; each buffer is released when its receiver returns, so retain it to keep it
 */
public record Reply(OptionalLong length, long from, Optional<String> validator, Flux<ByteBuf> body) {}
