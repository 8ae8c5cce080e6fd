package io.github.mirrorservice.mirror.opam;

import java.nio.ByteBuffer;

/**
 * Bytes that are served as they are.
 *
 * @param bytes the content, read-only, in direct memory; whoever reads takes a {@link ByteBuffer#duplicate()}
 * @param sha256 the SHA-256 of the content, 64 lowercase hex digits
 */
public record Body(ByteBuffer bytes, String sha256) {}
