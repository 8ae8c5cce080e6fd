package io.github.mirrorservice.mirror.opam;

/**
 * A run of the tar, deflated so that it can be joined with others.
 *
 * @param bytes complete deflate blocks (RFC 1951) that end at a byte boundary
 * @param length how many bytes of the tar they hold
 * @param crc the CRC-32 of those bytes
 */
record Deflated(Stretch bytes, long length, int crc) {}
