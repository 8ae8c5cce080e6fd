package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Copies in a directory of archives that are held elsewhere: of a limited size in all, also while several come at once. Those
 * that nobody has used for the longest time make room for new ones. What fails at making a copy does not concern whoever reads
 * the archive: there is none then.
 */
final class LocalCopies {

    private final FileArchives files;
    private final Room room;

    /**
     * Does no work yet.
     *
     * @param files where they are, and nothing else
     * @param size how many bytes they may have in all
     */
    LocalCopies(FileArchives files, long size) {
        this.files = files;
        this.room = new Room(size);
    }

    /** Finds out what is there. Nobody remembers when it was used, so it goes in any order at first. */
    Mono<Void> prepare() {
        return files.prepare()
                .thenMany(files.all())
                .doOnNext(copy -> room.add(copy.sha256(), copy.length()))
                .then(files.run("write", () -> makeRoom(0)))
                .then();
    }

    /** Emits the copy with this digest, or nothing if there is none that can be read. */
    Mono<Archive> find(Digest digest) {
        return files.find(digest)
                .doOnNext(copy -> room.use(copy.sha256()))
                .onErrorComplete(ArchiveException.Store.class);
    }

    /** Emits a place for an archive of any size, that gets its place so when it is kept. */
    Mono<Deposit> deposit(FileDeposit.Shelving shelving) {
        return files.deposit(shelving);
    }

    /** Takes in a file that is an archive, if it can; to be called where blocking is allowed. */
    void add(Path file, Digests digests, long length) {
        try {
            if (makeRoom(length)) {
                try {
                    shelve(file, digests, length);
                } finally {
                    room.release(length);
                }
            }
        } catch (IOException | UncheckedIOException full) {
            // There is no copy then.
        }
    }

    private synchronized Archive shelve(Path file, Digests digests, long length) throws IOException {
        Archive copy = files.shelve(file, digests, length);
        room.add(digests.sha256(), length);
        return copy;
    }

    private synchronized boolean makeRoom(long length) throws IOException {
        boolean free = room.reserve(length);
        while (!free && room.fits(length)) {
            Optional<Digest> eldest = room.eldest();
            if (eldest.isPresent()) {
                evict(eldest.get());
            }
            free = room.reserve(length);
        }
        return free;
    }

    /**
     * Writes an archive to {@code target} and makes a copy on the way, if it can; to be called where blocking is allowed.
     *
     * @throws IOException if it cannot be read, or written there
     */
    void copy(Archive archive, Content.Sink target) throws IOException {
        Optional<LocalCopy> begun = begin(archive);
        if (begun.isEmpty()) {
            archive.content().copyTo(target);
            return;
        }
        try (LocalCopy copy = begun.get()) {
            archive.content().copyTo(bytes -> {
                copy.tryWrite(bytes.duplicate());
                target.write(bytes);
            });
            copy.keep();
        }
    }

    /**
     * Makes a copy of an archive, if it can; to be called where blocking is allowed.
     *
     * @return false if the bytes are not those of the archive
     * @throws IOException if they cannot be read
     */
    boolean make(Archive archive) throws IOException {
        Optional<LocalCopy> begun = begin(archive);
        if (begun.isEmpty()) {
            return true;
        }
        try (LocalCopy copy = begun.get()) {
            archive.content().copyTo(copy::write);
            return copy.keep();
        } catch (LocalCopy.Failed full) {
            return true;
        }
    }

    private Optional<LocalCopy> begin(Archive archive) {
        try {
            return makeRoom(archive.length()) ? Optional.of(open(archive)) : Optional.empty();
        } catch (IOException | UncheckedIOException full) {
            return Optional.empty();
        }
    }

    private LocalCopy open(Archive archive) throws IOException {
        Runnable release = () -> room.release(archive.length());
        try {
            return new LocalCopy(archive, files.begin(this::shelve), release);
        } catch (IOException full) {
            release.run();
            throw full;
        }
    }

    /** Completes when there is no copy of this archive any more. */
    Mono<Void> drop(Digest sha256) {
        return files.run("write", () -> evict(sha256)).then();
    }

    /** One that cannot be read is set aside: it may be a part of the disk that nothing else should be written to. */
    private synchronized Digest evict(Digest sha256) throws IOException {
        try {
            Optional<Archive> copy = files.held(sha256);
            if (copy.isPresent()) {
                files.drop(copy.get());
            }
        } catch (IOException | UncheckedIOException unreadable) {
            files.isolate(sha256);
        }
        room.remove(sha256);
        return sha256;
    }
}
