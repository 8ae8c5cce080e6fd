package io.github.mirrorservice.mirror.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStore.Fetched;
import io.github.mirrorservice.mirror.objects.ObjectStore.Listed;
import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Archives in an object store, for all replicas that use it: under {@code cache/ALGORITHM/HH/HEX}, where the object of the
 * SHA-256 is the archive and those of the other digests name it. An archive is an object that is created once, as a whole,
 * after what leads to it. On its way it is in a file, since what it will be called is known at its end, and clients read along;
 * nothing of it stays on the disk.
 */
public final class S3Archives implements ArchiveStore {

    static final int LONGEST_NAME = 256;

    private static final String CACHE = "cache/";
    private static final String QUARANTINE = "quarantine/";
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final ObjectStore objects;
    private final Incoming incoming;
    private final Scheduler remote;

    /** The objects by the digests that they are named by, for a while. */
    private final Mono<Map<Digest, Long>> listed =
            Mono.defer(this::lengths).cache(lengths -> FRESH, failure -> Duration.ZERO, () -> Duration.ZERO);

    /**
     * Does no work yet.
     *
     * @param objects where they are kept
     * @param incoming the folder of those on their way, which no other process uses
     * @param remote where the object store is called
     */
    public S3Archives(ObjectStore objects, Path incoming, Scheduler remote) {
        this.objects = objects;
        this.incoming = new Incoming(incoming);
        this.remote = remote;
    }

    /** Nothing is asked of the object store, which may be away. */
    @Override
    public Mono<Void> prepare() {
        return run(() -> {
                    incoming.prepare();
                    return this;
                })
                .then();
    }

    @Override
    public Mono<Archive> find(Digest digest) {
        return run(() -> sha256(digest).flatMap(this::held)).flatMap(Mono::justOrEmpty);
    }

    /** Most archives of a snapshot are not held at first: one list says so of all. */
    @Override
    public Mono<Archive> glance(Digest digest) {
        return listed.flatMap(lengths -> Optional.ofNullable(lengths.get(digest))
                .map(length ->
                        digest.algorithm() == Algorithm.SHA256 ? Mono.just(archive(digest, length)) : find(digest))
                .orElseGet(Mono::empty));
    }

    private Mono<Map<Digest, Long>> lengths() {
        return list(CACHE).<Map<Digest, Long>>collect(HashMap::new, (lengths, object) -> digest(object)
                .ifPresent(digest -> lengths.put(digest, object.length())));
    }

    private Optional<Digest> sha256(Digest digest) throws IOException {
        return sha256(objects, digest);
    }

    /** The SHA-256 that a digest leads to: itself, or what its object names. Empty if there is none, or it names nothing. */
    static Optional<Digest> sha256(ObjectStore objects, Digest digest) throws IOException {
        return digest.algorithm() == Algorithm.SHA256
                ? Optional.of(digest)
                : objects.get(key(digest), LONGEST_NAME)
                        .map(Fetched::content)
                        .flatMap(name -> Digest.parse(US_ASCII.decode(name).toString()));
    }

    private Optional<Archive> held(Digest sha256) {
        try {
            return objects.find(key(sha256)).map(found -> archive(sha256, found.length()));
        } catch (IOException broken) {
            throw broken(broken);
        }
    }

    Archive archive(Digest sha256, long length) {
        return new Archive(sha256, length, new ObjectContent(objects, new Listed(key(sha256), length), remote));
    }

    @Override
    public Mono<Deposit> deposit() {
        return run(() -> incoming.deposit(this::shelve));
    }

    /** Puts the file's bytes into the store; to be called where blocking is allowed. */
    Archive shelve(Path file, Digests digests, long length) {
        try {
            name(digests.md5(), digests.sha256());
            name(digests.sha512(), digests.sha256());
            Archive archive = archive(digests.sha256(), length);
            if (!isThere(archive)) {
                objects.create(key(digests.sha256()), file);
            }
            return archive;
        } catch (IOException away) {
            throw broken(away);
        }
    }

    /** What is there and was not found is seldom what it should be: by then it would have been served. */
    private boolean isThere(Archive archive) throws IOException {
        boolean there = held(archive.sha256()).isPresent();
        if (there && !Digests.of(archive.content()).sha256().equals(archive.sha256())) {
            objects.delete(key(archive.sha256()));
            return false;
        }
        return there;
    }

    /** What names an archive that is held stays, even if it is another one: what is served never changes. */
    private void name(Digest digest, Digest sha256) throws IOException {
        byte[] name = sha256.toString().getBytes(US_ASCII);
        if (objects.create(key(digest), name)) {
            return;
        }
        Optional<Digest> named = sha256(digest);
        if (!named.equals(Optional.of(sha256)) && named.flatMap(this::held).isEmpty()) {
            objects.replace(key(digest), name);
        }
    }

    @Override
    public Flux<Archive> all() {
        return list(folder(Algorithm.SHA256))
                .concatMapIterable(object -> digest(object).map(sha256 -> archive(sha256, object.length())).stream()
                        .toList());
    }

    /** What the keys of all objects begin with that are named by one algorithm. */
    static String folder(Algorithm algorithm) {
        return CACHE + algorithm.label() + '/';
    }

    /** The digest that an object is named by, if it is one that can be found by it. */
    static Optional<Digest> digest(Listed object) {
        String[] path = object.key().split("/", -1);
        return Digest.parse(path[1] + '=' + path[path.length - 1])
                .filter(digest -> key(digest).equals(object.key()));
    }

    private Flux<Listed> list(String prefix) {
        return page(prefix, "")
                .expand(page -> page.isEmpty()
                        ? Mono.empty()
                        : page(prefix, page.get(page.size() - 1).key()))
                .concatMapIterable(page -> page, 1);
    }

    private Mono<List<Listed>> page(String prefix, String after) {
        return run(() -> objects.list(prefix, after));
    }

    @Override
    public Mono<Void> quarantine(Archive archive) {
        return run(() -> {
                    objects.copy(
                            key(archive.sha256()), QUARANTINE + archive.sha256().hex());
                    objects.delete(key(archive.sha256()));
                    return archive;
                })
                .then();
    }

    @Override
    public Mono<Holdings> quarantined() {
        return list(QUARANTINE).reduce(Holdings.NONE, (all, object) -> all.plus(object.length()));
    }

    /** What names an archive goes before it, so that nothing is left behind that could not be found by it. */
    @Override
    public Mono<Void> remove(Archive archive) {
        return run(() -> drop(archive)).then();
    }

    private Archive drop(Archive archive) throws IOException {
        if (held(archive.sha256()).isPresent()) {
            Digests digests = Digests.of(archive.content());
            for (Digest digest : List.of(digests.sha512(), digests.md5(), archive.sha256())) {
                if (sha256(digest).equals(Optional.of(archive.sha256()))) {
                    objects.delete(key(digest));
                }
            }
        }
        return archive;
    }

    static String key(Digest digest) {
        return CACHE + digest.path();
    }

    private <T> Mono<T> run(Callable<T> call) {
        return run(call, remote);
    }

    /** Emits what a call of the object store gives; where it fails, archives cannot be read or kept. */
    static <T> Mono<T> run(Callable<T> call, Scheduler remote) {
        return Mono.fromCallable(ObjectStoreException.survived(call))
                .subscribeOn(remote)
                .onErrorMap(IOException.class, S3Archives::broken);
    }

    static ArchiveException.Store broken(Throwable cause) {
        return new ArchiveException.Store(String.valueOf(cause.getMessage()), cause);
    }
}
