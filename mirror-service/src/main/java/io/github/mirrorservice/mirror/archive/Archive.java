package io.github.mirrorservice.mirror.archive;

/**
 * An archive that a store holds.
 *
 * @param sha256 what it is known by
 * @param length its size in bytes
 * @param content its bytes
 */
public record Archive(Digest sha256, long length, Content content) {}
