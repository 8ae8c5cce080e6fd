package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Archives in a directory: {@code cache/} is a folder as {@code opam admin cache} makes it, {@code incoming/} holds what is
 * on its way, {@code quarantine/} what was taken out of service. An archive comes into {@code cache/} by one rename, after
 * its bytes are safe on disk; its links and the rename are made safe before anybody is told. What a crash leaves in
 * {@code incoming/} is gone with the next start.
 */
public final class FileArchives implements ArchiveStore {

    /** As many as are asked for at once in practice, and few beside the 1,024 that a process may open by default. */
    private static final int MOST_OPEN = 128;

    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Path home;
    private final CacheLayout cache;
    private final Incoming incoming;
    private final Path quarantine;
    private final Scheduler blocking;
    private final RecentFiles recent = new RecentFiles(MOST_OPEN, FRESH);

    /** Folders that a power cut does not take any more. That one is there does not say so: a killed process may have made it. */
    private final Set<Path> safe = ConcurrentHashMap.newKeySet();

    private FileArchives(Path home, CacheLayout cache, Incoming incoming, Path quarantine, Scheduler blocking) {
        this.home = home;
        this.cache = cache;
        this.incoming = incoming;
        this.quarantine = quarantine;
        this.blocking = blocking;
    }

    /**
     * Does no work yet.
     *
     * @param directory an existing directory; one store at a time may use it
     * @param blocking where the file system is called for what is quickly done
     */
    public FileArchives(Path directory, Scheduler blocking) {
        this(
                directory,
                CacheLayout.in(directory),
                new Incoming(directory.resolve("incoming")),
                directory.resolve("quarantine"),
                blocking);
    }

    /** The store whose {@code cache/} is this very folder, such as one that {@code opam admin cache} has made. */
    public static FileArchives folder(Path folder, Scheduler blocking) {
        return new FileArchives(
                folder,
                new CacheLayout(folder),
                new Incoming(folder.resolve(".incoming")),
                folder.resolve(".quarantine"),
                blocking);
    }

    @Override
    public Mono<Void> prepare() {
        return run("open", () -> {
                    Files.createDirectories(cache.root());
                    incoming.prepare();
                    return this;
                })
                .then();
    }

    @Override
    public Mono<Archive> find(Digest digest) {
        return Mono.defer(() -> recent.get(digest).map(Mono::just).orElseGet(() -> run("read", () -> lookUp(digest))
                .flatMap(Mono::justOrEmpty)));
    }

    private Optional<Archive> lookUp(Digest digest) throws IOException {
        Optional<Archive> found = cache.sha256(digest).flatMap(this::held);
        try {
            return found.isPresent()
                    ? Optional.of(recent.open(
                            digest, found.get(), cache.file(found.get().sha256())))
                    : found;
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        }
    }

    /** The archive, if there is one: a look at the file system that never throws for what is not there. */
    Optional<Archive> held(Digest sha256) {
        try {
            Path file = cache.file(sha256);
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(new Archive(sha256, attributes.size(), new FileContent(file)))
                    : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public Mono<Deposit> deposit() {
        return deposit(this::shelve);
    }

    /** Emits a place whose bytes get their place in the store so. */
    Mono<Deposit> deposit(FileDeposit.Shelving shelving) {
        return run("write", () -> begin(shelving));
    }

    /** The same, to be called where blocking is allowed. */
    Deposit begin(FileDeposit.Shelving shelving) throws IOException {
        return incoming.deposit(shelving);
    }

    /** The folders are forced at the end, one right after the other: a file system with a journal then writes that once. */
    Archive shelve(Path file, Digests digests, long length) throws IOException {
        Path place = cache.file(digests.sha256());
        Set<Path> changed = new LinkedHashSet<>();
        for (Digest digest : digests.all()) {
            makeFolder(digest, changed);
        }
        link(digests.md5(), digests.sha256());
        link(digests.sha512(), digests.sha256());
        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
        for (Path folder : changed) {
            force(folder);
        }
        digests.all().forEach(digest -> safe.add(cache.folder(digest)));
        return new Archive(digests.sha256(), length, new FileContent(place));
    }

    private void makeFolder(Digest digest, Set<Path> changed) throws IOException {
        changed.add(cache.folder(digest));
        if (!safe.contains(cache.folder(digest)) || !Files.isDirectory(cache.folder(digest))) {
            Files.createDirectories(cache.folder(digest));
            changed.add(cache.folder(digest.algorithm()));
            changed.add(cache.root());
            changed.add(home);
        }
    }

    /** A link to an archive that is held stays, even if it is another one: what is served never changes. */
    private void link(Digest digest, Digest sha256) throws IOException {
        Optional<Digest> linked = cache.sha256(digest);
        if (linked.equals(Optional.of(sha256)) || linked.flatMap(this::held).isPresent()) {
            return;
        }
        Files.deleteIfExists(cache.file(digest));
        try {
            Files.createSymbolicLink(cache.file(digest), CacheLayout.link(sha256));
        } catch (FileAlreadyExistsException another) {
            // Two archives of one digest came at once: the first counts.
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Flux<Archive> all() {
        return run("read", () -> children(cache.folder(Algorithm.SHA256)))
                .flatMapIterable(prefixes -> prefixes)
                .concatMap(prefix -> run("read", () -> archives(prefix)), 1)
                .concatMapIterable(archives -> archives, 1);
    }

    private List<Archive> archives(Path prefix) throws IOException {
        return children(prefix).stream()
                .flatMap(file -> CacheLayout.named(file).stream())
                .flatMap(sha256 -> held(sha256).stream())
                .toList();
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    @Override
    public Mono<Void> quarantine(Archive archive) {
        return run("write", () -> isolate(archive.sha256())).then();
    }

    /** The same, to be called where blocking is allowed; the bytes are not looked at. */
    Digest isolate(Digest sha256) throws IOException {
        Files.createDirectories(quarantine);
        Files.move(cache.file(sha256), quarantine.resolve(sha256.hex()), StandardCopyOption.ATOMIC_MOVE);
        recent.close(sha256);
        force(cache.folder(sha256));
        return sha256;
    }

    @Override
    public Mono<Holdings> quarantined() {
        return run("read", () -> {
            Holdings holdings = Holdings.NONE;
            for (Path file : children(quarantine)) {
                holdings = holdings.plus(Files.size(file));
            }
            return holdings;
        });
    }

    @Override
    public Mono<Void> remove(Archive archive) {
        return run("write", () -> drop(archive)).then();
    }

    /** Links go before the archive, so that a crash leaves none behind that could not be found by it. */
    Archive drop(Archive archive) throws IOException {
        if (held(archive.sha256()).isPresent()) {
            Digests digests = Digests.of(archive.content());
            drop(digests.sha512(), archive.sha256());
            drop(digests.md5(), archive.sha256());
            drop(archive.sha256(), archive.sha256());
        }
        recent.close(archive.sha256());
        return archive;
    }

    private void drop(Digest digest, Digest sha256) throws IOException {
        if (cache.sha256(digest).equals(Optional.of(sha256))) {
            Files.deleteIfExists(cache.file(digest));
            force(cache.folder(digest));
        }
    }

    /** Emits what a call of the file system gives; {@code verb} says what archives cannot be if it fails. */
    <T> Mono<T> run(String verb, Callable<T> work) {
        return Mono.fromCallable(work)
                .subscribeOn(blocking)
                .onErrorMap(
                        failure -> failure instanceof IOException || failure instanceof UncheckedIOException,
                        failure -> new ArchiveException.Store(
                                "cannot %s archives in %s (%s): check its space and its permissions"
                                        .formatted(verb, cache.root(), failure),
                                failure));
    }
}
