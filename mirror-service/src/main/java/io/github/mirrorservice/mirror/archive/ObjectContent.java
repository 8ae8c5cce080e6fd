package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * The bytes of an object, which are sent on as they come.
 *
 * @param objects where it is
 * @param key its key
 * @param remote where the object store is called
 */
record ObjectContent(ObjectStore objects, String key, Scheduler remote) implements Content {

    private static final int PIECE = 64 * 1024;

    @Override
    public Flux<Part> parts(long first, long count) {
        return objects.read(key, first, count)
                .<Part>map(bytes -> () -> Optional.of(Unpooled.wrappedBuffer(bytes)))
                .onErrorMap(IOException.class, S3Archives::broken)
                .subscribeOn(remote, false);
    }

    @Override
    public void copyTo(Sink target) throws IOException {
        copy(objects, key, target);
    }

    /** Copies an object from the start on. A network that breaks on the way says nothing of the bytes. */
    static void copy(ObjectStore objects, String key, Sink target) throws IOException {
        try (InputStream bytes = objects.open(key)) {
            byte[] piece = new byte[PIECE];
            for (int count = read(bytes, piece); count > 0; count = read(bytes, piece)) {
                target.write(ByteBuffer.wrap(piece, 0, count));
            }
        }
    }

    private static int read(InputStream bytes, byte[] piece) {
        try {
            return bytes.read(piece);
        } catch (IOException broken) {
            throw S3Archives.broken(broken);
        }
    }
}
