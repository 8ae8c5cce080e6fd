package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Archives in memory, gone with the process. It refuses what goes beyond its capacity: it never drops what it holds. */
public final class MemoryArchives implements ArchiveStore {

    private final long capacity;
    private final AtomicLong used = new AtomicLong();
    private final ConcurrentNavigableMap<Digest, Archive> archives = new ConcurrentSkipListMap<>();
    private final Map<Digest, Archive> byOtherDigest = new ConcurrentHashMap<>();
    private final Map<Digest, Archive> quarantine = new ConcurrentHashMap<>();

    /**
     * An empty store.
     *
     * @param capacity how many bytes it holds at most, of archives that are held, on their way and in quarantine
     */
    public MemoryArchives(long capacity) {
        this.capacity = capacity;
    }

    @Override
    public Mono<Void> prepare() {
        return Mono.empty();
    }

    @Override
    public Mono<Archive> find(Digest digest) {
        return Mono.fromSupplier(() -> archives.getOrDefault(digest, byOtherDigest.get(digest)));
    }

    @Override
    public Mono<Deposit> deposit() {
        return Mono.fromSupplier(InMemory::new);
    }

    @Override
    public Flux<Archive> all() {
        return Flux.fromIterable(archives.values());
    }

    @Override
    public Mono<Void> quarantine(Archive archive) {
        return Mono.fromRunnable(() -> {
            if (forget(archive)) {
                quarantine.put(archive.sha256(), archive);
            }
        });
    }

    @Override
    public Mono<Holdings> quarantined() {
        return Flux.fromIterable(quarantine.values())
                .reduce(Holdings.NONE, (holdings, archive) -> holdings.plus(archive.length()));
    }

    @Override
    public Mono<Void> remove(Archive archive) {
        return Mono.fromRunnable(() -> {
            if (forget(archive)) {
                used.addAndGet(-archive.length());
            }
        });
    }

    private boolean forget(Archive archive) {
        byOtherDigest.values().removeIf(other -> other.sha256().equals(archive.sha256()));
        return archives.remove(archive.sha256()) != null;
    }

    private void reserve(int bytes) throws IOException {
        if (used.addAndGet(bytes) > capacity) {
            used.addAndGet(-bytes);
            throw new IOException("it holds " + capacity + " bytes at most");
        }
    }

    /** An archive on its way. */
    private final class InMemory implements Deposit {

        private final MemoryContent content = new MemoryContent();
        private final Hasher hasher = new Hasher();
        private boolean kept;

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            reserve(bytes.remaining());
            hasher.write(bytes.duplicate());
            content.append(bytes);
        }

        @Override
        public long length() {
            return content.length();
        }

        @Override
        public LocalContent content() {
            return content;
        }

        @Override
        public Digests digests() {
            return hasher.digests();
        }

        @Override
        public Archive keep() {
            Digests digests = digests();
            Archive fresh = new Archive(digests.sha256(), length(), content);
            Archive held = archives.putIfAbsent(digests.sha256(), fresh);
            kept = held == null;
            Archive archive = kept ? fresh : held;
            byOtherDigest.putIfAbsent(digests.md5(), archive);
            byOtherDigest.putIfAbsent(digests.sha512(), archive);
            return archive;
        }

        @Override
        public void close() {
            if (!kept) {
                used.addAndGet(-length());
            }
        }
    }
}
