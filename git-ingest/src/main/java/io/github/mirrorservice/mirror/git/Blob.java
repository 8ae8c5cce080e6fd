package io.github.mirrorservice.mirror.git;

/**
 * The content of a blob.
 *
 * @param id its name
 * @param bytes its content; never written to after creation
 */
@SuppressWarnings("ArrayRecordComponent") // handed from one stage to the next, never compared
public record Blob(BlobId id, byte[] bytes) {}
