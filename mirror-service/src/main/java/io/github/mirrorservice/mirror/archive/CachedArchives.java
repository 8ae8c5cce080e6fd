package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Archives that all replicas share, with copies of some of them on this machine. What is copied is found and served without a
 * question to the object store; the rest is copied when it is first read, whole and verified before its first byte is handed
 * on, or handed on as it comes if it cannot be copied. A new archive is in the object store before anything else is said of it.
 *
 * <p>What another replica has dropped or taken out of service is served from the copy for as long as there is one: that was
 * right when it was made, and is read once after a start like any other.
 */
public final class CachedArchives implements ArchiveStore {

    private final S3Archives shared;
    private final LocalCopies copies;
    private final Scheduler bulk;
    private final Map<Digest, Mono<Void>> underWay = new ConcurrentHashMap<>();

    /**
     * Does no work yet.
     *
     * @param directory an existing directory for the copies and nothing else; one store at a time may use it
     * @param size how many bytes they may have in all
     * @param shared the archives
     * @param blocking where the file system is called for what is quickly done
     * @param bulk where archives are copied
     */
    public CachedArchives(Path directory, long size, S3Archives shared, Scheduler blocking, Scheduler bulk) {
        this.shared = shared;
        this.copies = new LocalCopies(new FileArchives(directory, blocking), size);
        this.bulk = bulk;
    }

    @Override
    public Mono<Void> prepare() {
        return shared.prepare().then(copies.prepare());
    }

    /** What is not copied here is not copied by that either: it may be asked of everything that a snapshot names. */
    @Override
    public Mono<Archive> find(Digest digest) {
        return copies.find(digest)
                .switchIfEmpty(Mono.defer(() -> shared.find(digest)).map(this::cached));
    }

    /** What is copied here is in the object store as well, and is not taken for used. */
    @Override
    public Mono<Archive> glance(Digest digest) {
        return shared.glance(digest).map(this::cached);
    }

    private Archive cached(Archive archive) {
        return new Archive(archive.sha256(), archive.length(), new CachedContent(archive, this));
    }

    @Override
    public Mono<Deposit> deposit() {
        return copies.deposit(this::shelve);
    }

    private Archive shelve(Path file, Digests digests, long length) throws IOException {
        Archive archive = shared.shelve(file, digests, length);
        copies.add(file, digests, length);
        return cached(archive);
    }

    /** Those in the object store, as they are there. */
    @Override
    public Flux<Archive> all() {
        return shared.all();
    }

    /**
     * Takes out of service what was read: if that was a copy, the copy alone. If it was the object, the copy goes as well, so
     * that the archive is had anew.
     */
    @Override
    public Mono<Void> quarantine(Archive archive) {
        Mono<Void> copy = copies.drop(archive.sha256());
        return archive.content() instanceof LocalContent
                ? copy
                : shared.quarantine(archive).then(copy);
    }

    @Override
    public Mono<Holdings> quarantined() {
        return shared.quarantined();
    }

    @Override
    public Mono<Void> remove(Archive archive) {
        return shared.find(archive.sha256()).flatMap(shared::remove).then(copies.drop(archive.sha256()));
    }

    /** Writes an archive to {@code target} and makes a copy of it on the way; to be called where blocking is allowed. */
    void copy(Archive archive, Content.Sink target) throws IOException {
        copies.copy(archive, target);
    }

    /**
     * Emits the copy of an archive, which is made now if there is none, or nothing if it cannot be made. However many ask, it
     * is made once, and goes on to its end whoever of them goes away. Fails with {@link ArchiveException.Store} if the bytes
     * cannot be had, or are wrong: they are in quarantine then.
     */
    Mono<Archive> copy(Archive archive) {
        Mono<Archive> copied = copies.find(archive.sha256());
        return copied.switchIfEmpty(Mono.defer(() -> madeOnce(archive)).then(copied));
    }

    private Mono<Void> madeOnce(Archive archive) {
        return underWay.computeIfAbsent(archive.sha256(), sha256 -> copies.find(sha256)
                .hasElement()
                .flatMap(there -> there ? Mono.<Void>empty() : made(archive))
                .doOnTerminate(() -> underWay.remove(sha256))
                .cache());
    }

    private Mono<Void> made(Archive archive) {
        return S3Archives.run(() -> copies.make(archive), bulk)
                .flatMap(right ->
                        right ? Mono.empty() : shared.quarantine(archive).then(wrong(archive)));
    }

    private static Mono<Void> wrong(Archive archive) {
        return Mono.error(() -> new ArchiveException.Store(
                "the object of %s has other bytes, and is in quarantine now: ask again to have the archive anew"
                        .formatted(archive.sha256())));
    }
}
