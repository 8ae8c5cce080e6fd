package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.opam.ArchiveNamesBuilder.Named;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The opam files in an index that was made here, in its order: a small piece of the tar at a time, with the files that end in
 * it. Fails with {@link OpamException.Disk} for what is not such an index.
 */
final class IndexReader implements Iterator<List<Named>> {

    private static final int PIECE = 16 * 1024;

    private final Inflater inflater = new Inflater(true);
    private final Iterator<ByteBuffer> parts;
    private final TarReader tar = new TarReader();
    private final byte[] piece = new byte[PIECE];

    /** Emits which archives an index names, found out at the first subscription: nothing else need be kept of it. */
    static Mono<ArchiveNames> names(Body index, Cooperation cooperation) {
        Flux<Named> files = Flux.fromIterable(() -> new IndexReader(index))
                .transform(cooperation::publishOn)
                .concatMapIterable(ended -> ended, 1);
        return ArchiveNamesBuilder.gather(files, cooperation).cache();
    }

    IndexReader(Body index) {
        parts = index.parts().stream().map(ByteBuffer::duplicate).iterator();
        ByteBuffer first = parts.next();
        try {
            inflater.setInput(first.position(IndexFile.HEADER_LENGTH));
        } catch (IllegalArgumentException tooShort) {
            throw damaged(tooShort);
        }
    }

    @Override
    public boolean hasNext() {
        return !inflater.finished();
    }

    @Override
    public List<Named> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            return tar.read(piece, inflate()).stream()
                    .flatMap(file -> named(file).stream())
                    .toList();
        } catch (DataFormatException | IllegalArgumentException damaged) {
            throw damaged(damaged);
        } finally {
            if (inflater.finished()) {
                inflater.end();
            }
        }
    }

    private static OpamException.Disk damaged(Exception cause) {
        return new OpamException.Disk("the saved index is not one: delete the file snapshot in --data", cause);
    }

    /** An opam file of a package that is small enough to be read. */
    private static Optional<Named> named(TarReader.File file) {
        return Entry.packageName(file.path())
                .flatMap(name -> file.content())
                .map(bytes -> new Named(file.path(), Entry.opamFile(file.path(), bytes)));
    }

    private int inflate() throws DataFormatException {
        int length = 0;
        while (length < piece.length && !inflater.finished()) {
            if (inflater.needsInput()) {
                inflater.setInput(rest());
            }
            length += inflater.inflate(piece, length, piece.length - length);
        }
        return length;
    }

    private ByteBuffer rest() throws DataFormatException {
        if (!parts.hasNext()) {
            throw new DataFormatException("it ends too early");
        }
        return parts.next();
    }
}
