package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Whether the archives in a store are still what they were. Each is read once after a start, before its first byte is
 * handed on; one that has changed is taken out of service.
 */
public final class Soundness {

    private final ArchiveStore store;
    private final ArchiveWatch watch;
    private final Scheduler bulk;
    private final Set<Digest> known = ConcurrentHashMap.newKeySet();
    private final Map<Digest, Mono<Boolean>> underWay = new ConcurrentHashMap<>();

    /**
     * Knows of none yet.
     *
     * @param store where they are
     * @param watch is told of rot
     * @param bulk where they are read
     */
    public Soundness(ArchiveStore store, ArchiveWatch watch, Scheduler bulk) {
        this.store = store;
        this.watch = watch;
        this.bulk = bulk;
    }

    /** Emits whether an archive is what it was: from memory, or once it is read. However many ask, it is read once. */
    Mono<Boolean> isSound(Archive archive) {
        return Mono.defer(() -> known.contains(archive.sha256()) ? Mono.just(true) : readOnce(archive));
    }

    /**
     * Emits an archive if it is what it was. Not {@code filterWhen}: reactor-core 3.8.8 reports each error of its condition as
     * dropped as well.
     */
    Mono<Archive> ifSound(Archive archive) {
        return isSound(archive).filter(sound -> sound).map(sound -> archive);
    }

    private Mono<Boolean> readOnce(Archive archive) {
        return underWay.computeIfAbsent(archive.sha256(), sha256 -> read(archive)
                .doOnTerminate(() -> underWay.remove(sha256))
                .cache());
    }

    /**
     * Reads an archive and emits whether it is what it was; if not, it is in quarantine then. Fails with
     * {@link ArchiveException.Store} if it cannot even be opened.
     */
    public Mono<Boolean> read(Archive archive) {
        return Mono.fromCallable(() -> isRight(archive))
                .subscribeOn(bulk)
                .onErrorMap(FileSystemException.class, Soundness::notOpened)
                .onErrorReturn(IOException.class, false)
                .flatMap(
                        sound -> sound ? Mono.fromRunnable(() -> known(archive)).thenReturn(true) : isolate(archive));
    }

    /** Reactor would not pass on that memory has run out, and all who want the archive would wait for ever. */
    private static boolean isRight(Archive archive) throws IOException {
        try {
            return Digests.of(archive.content()).sha256().equals(archive.sha256());
        } catch (VirtualMachineError failed) {
            throw new ArchiveException.Store("cannot read an archive (" + failed + ')', failed);
        }
    }

    /** That says nothing of its bytes: there may be too many files open. */
    private static ArchiveException.Store notOpened(FileSystemException cause) {
        return new ArchiveException.Store(
                "cannot open an archive (" + cause + "): check the limit of open files", cause);
    }

    private Mono<Boolean> isolate(Archive archive) {
        return store.quarantine(archive)
                .doFirst(() -> known.remove(archive.sha256()))
                .then(Mono.fromSupplier(() -> {
                    watch.rotten(archive);
                    return false;
                }));
    }

    /** An archive is what it is: it was verified just now. */
    void known(Archive archive) {
        known.add(archive.sha256());
    }
}
