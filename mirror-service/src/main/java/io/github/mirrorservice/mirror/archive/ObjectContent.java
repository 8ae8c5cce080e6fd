package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStore.Listed;
import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * The bytes of an object, which are sent on as they come. A store that does not answer, or breaks off, says nothing of the bytes.
 *
 * @param objects where it is
 * @param object its key, and how many bytes it has
 * @param remote where the object store is called
 */
record ObjectContent(ObjectStore objects, Listed object, Scheduler remote) implements Content {

    private static final int PIECE = 64 * 1024;

    @Override
    public Flux<Part> parts(long first, long count) {
        return objects.read(object.key(), first, count)
                .<Part>map(bytes -> () -> Optional.of(Unpooled.wrappedBuffer(bytes)))
                .onErrorMap(IOException.class, S3Archives::broken)
                .subscribeOn(remote, false);
    }

    @Override
    public void copyTo(Sink target) throws IOException {
        copy(objects, object, target);
    }

    /**
     * Copies an object from the start on.
     *
     * @throws ArchiveException.Store if it cannot be had to its last byte
     * @throws IOException if the target does not take it
     */
    static void copy(ObjectStore objects, Listed object, Sink target) throws IOException {
        Source source = new Source(objects, object);
        try {
            byte[] piece = new byte[PIECE];
            for (int count = source.read(piece); count > 0; count = source.read(piece)) {
                target.write(ByteBuffer.wrap(piece, 0, count));
            }
            source.requireAll();
        } finally {
            source.close();
        }
    }

    /** The bytes as they come from the store. */
    private static final class Source {

        private final Listed object;
        private final InputStream bytes;
        private long left;

        Source(ObjectStore objects, Listed object) {
            this.object = object;
            this.left = object.length();
            try {
                this.bytes = objects.open(object.key());
            } catch (IOException away) {
                throw S3Archives.broken(away);
            }
        }

        int read(byte[] piece) {
            try {
                int count = bytes.read(piece);
                left -= Math.max(0, count);
                return count;
            } catch (IOException broken) {
                throw S3Archives.broken(broken);
            }
        }

        /** Some clients take an end that comes too early for an end. */
        void requireAll() {
            if (left > 0) {
                throw S3Archives.broken(
                        new ObjectStoreException(object.key() + " broke off " + left + " bytes before its end"));
            }
        }

        void close() {
            try {
                bytes.close();
            } catch (IOException already) {
                // All that was wanted of it is known.
            }
        }
    }
}
