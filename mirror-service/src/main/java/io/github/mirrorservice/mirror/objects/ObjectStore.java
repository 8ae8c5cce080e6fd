package io.github.mirrorservice.mirror.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;

/**
 * Objects under keys, which several processes share. A key is written as a whole or not at all, and seen by everybody as soon as
 * the call has returned. All calls but {@link #read} block, for some seconds at the most, or for as long as their bytes take;
 * they fail with {@link ObjectStoreException} when the place does not answer as it should. What a failed call has done is
 * unknown.
 */
public interface ObjectStore extends AutoCloseable {

    /**
     * Writes an object that is not there yet; false if one is there with this key: it stays as it is. A call that was made twice,
     * because its first answer was lost, may say so of what it has itself written.
     */
    boolean create(String key, byte[] content) throws IOException;

    /** The same with all bytes of a file, which must not change meanwhile. */
    boolean create(String key, Path file) throws IOException;

    /** Writes an object, whatever was there. */
    void replace(String key, byte[] content) throws IOException;

    /** What is known of an object, if it is there. */
    Optional<Listed> find(String key) throws IOException;

    /**
     * A small object, if it is there. Of one that is larger than {@code most} bytes its beginning, which is one byte longer than
     * that: it is not what it should be, and whoever reads it finds that out.
     */
    Optional<Fetched> get(String key, int most) throws IOException;

    /** All bytes of an object, which has to be there. */
    InputStream open(String key) throws IOException;

    /**
     * Emits some bytes of an object, as fast as they are asked for. It is asked for at subscription; fails with
     * {@link ObjectStoreException}, also if it is not there.
     */
    Flux<ByteBuffer> read(String key, long first, long count);

    /** The next objects whose keys begin so, in the order of their keys, 1,000 at most; only those behind {@code after}. */
    List<Listed> list(String prefix, String after) throws IOException;

    /** Writes an object again under another key, whatever was there. */
    void copy(String key, String target) throws IOException;

    /** Deletes an object; one that is not there is none. */
    void delete(String key) throws IOException;

    /** Gives its connections and threads up. */
    @Override
    void close();

    /**
     * An object as it is listed.
     *
     * @param key its key
     * @param length its size in bytes
     */
    record Listed(String key, long length) {}

    /**
     * A small object.
     *
     * @param content its bytes, read-only
     * @param age how long ago it was written, by the clock of the store: nobody else's counts
     */
    record Fetched(ByteBuffer content, Duration age) {}
}
