package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An archive on its way into a store. Its bytes come in order, from one thread at a time, where blocking is allowed; they
 * can be read from the beginning on while more are coming. Nobody finds it in the store before it is kept.
 */
public interface Deposit extends AutoCloseable {

    /** Adds bytes at the end; the buffer is read to its limit and not kept. */
    void append(ByteBuffer bytes) throws IOException;

    /** How many bytes it has. */
    long length();

    /** What it has so far: a part can be read as soon as it is appended, and for as long as the deposit or the part is open, or whoever
     * has retained it has not released it, if it is {@link io.netty.util.ReferenceCounted}.
     */
    LocalContent content();

    /** The digests of its bytes; nothing can be appended after this. */
    Digests digests();

    /** Puts it into the store, in one step, and returns when it is safe: it is found after a power cut too. */
    Archive keep() throws IOException;

    /** Gives up its place; what was not kept is gone. */
    @Override
    void close() throws IOException;
}
