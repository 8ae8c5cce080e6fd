package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.archive.ArchiveStore.Holdings;
import io.github.mirrorservice.mirror.faults.FaultyDisk;
import io.github.mirrorservice.mirror.faults.FaultyDisk.Call;
import io.github.mirrorservice.mirror.faults.FaultyDisk.Fault;
import io.github.mirrorservice.mirror.objects.Bucket;
import io.github.mirrorservice.mirror.objects.ObjectWatch.Operation;
import io.github.mirrorservice.mirror.objects.S3Objects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Copies of archives before a bucket, which another replica uses without any. */
final class CachedArchivesTest implements ArchiveStoreContract {

    private static final int SIZE = 1_000_000;

    @RegisterExtension
    static final Bucket bucket = new Bucket();

    @TempDir
    Path place;

    private final AtomicInteger reads = new AtomicInteger();
    private final RecordedWatch watch = new RecordedWatch();
    private final byte[] bytes = Bytes.random(1, 300_000);
    private final Digests digests = Bytes.digests(bytes);
    private S3Objects objects;
    private S3Archives other;
    private CachedArchives store;

    @BeforeEach
    void open() throws IOException {
        objects = bucket.objects((operation, result, taken) -> {
            if (operation == Operation.READ) {
                reads.incrementAndGet();
            }
        });
        other = shared("other");
        other.prepare().block(Stores.PATIENCE);
        store = cached(place.resolve("cache"), SIZE);
    }

    private S3Archives shared(String incoming) {
        return new S3Archives(objects, place.resolve(incoming), Schedulers.boundedElastic());
    }

    private CachedArchives cached(Path folder, long size) {
        return cached(folder, size, Schedulers.boundedElastic());
    }

    private CachedArchives onOneThread(FaultyDisk disk, long size) {
        return cached(disk.path(), size, Schedulers.immediate());
    }

    private CachedArchives cached(Path folder, long size, Scheduler threads) {
        CachedArchives cached = new CachedArchives(folder, size, shared("incoming"), threads, threads);
        cached.prepare().block(Stores.PATIENCE);
        return cached;
    }

    /** Another replica keeps an archive; what that has read does not count. */
    private void keepElsewhere(byte[] bytes) throws IOException {
        Stores.keep(other, bytes);
        reads.set(0);
    }

    @Override
    public ArchiveStore store() {
        return store;
    }

    @Test
    void what_is_copied_is_served_while_the_object_store_is_away() throws Exception {
        Stores.keep(store, bytes);
        bucket.stop();
        try {
            for (Digest digest : digests.all()) {
                Archive found = find(store, digest);
                assertThat(soundness().read(found).block(Stores.PATIENCE)).isTrue();
                assertThat(received(found)).isEqualTo(digests);
            }
        } finally {
            bucket.start();
        }
    }

    @Test
    void what_cannot_be_uploaded_is_not_kept_here_either() throws Exception {
        try (Deposit deposit = Stores.deposit(store, bytes)) {
            bucket.stop();
            assertThatThrownBy(deposit::keep).isInstanceOf(ArchiveException.Store.class);
        } finally {
            bucket.start();
        }
        assertThat(copies()).isEmpty();
        assertThat(Stores.all(other)).isEmpty();
    }

    @Test
    void what_is_only_looked_for_is_not_copied_and_what_is_read_is() throws IOException {
        keepElsewhere(bytes);
        Archive found = find(store, digests.md5());
        assertThat(copies()).isEmpty();
        assertThat(Stores.part(found.content(), 299_000, 1_000)).isEqualTo(Bytes.cut(bytes, 299_000, 1_000));
        assertThat(copies()).containsExactly(digests.sha256().hex());
    }

    @Test
    void whoever_verifies_an_archive_has_copied_it_then() throws IOException {
        keepElsewhere(bytes);
        assertThat(soundness().read(find(store, digests.sha512())).block(Stores.PATIENCE))
                .isTrue();
        assertThat(reads).hasValue(2); // what the SHA-512 leads to, and the archive
        assertThat(received(find(store, digests.sha512()))).isEqualTo(digests);
        assertThat(reads).hasValue(2);
    }

    @Test
    void however_many_read_an_archive_it_is_copied_once() throws IOException {
        keepElsewhere(bytes);
        Archive found = find(store, digests.sha256());
        List<Received> readers = IntStream.range(0, 50)
                .mapToObj(reader -> new Received(found.content().parts(0, bytes.length)))
                .toList();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.all()).isEqualTo(digests));
        assertThat(reads).hasValue(1);
    }

    @Test
    void a_reader_who_leaves_does_not_stop_the_copy() throws IOException {
        keepElsewhere(bytes);
        Archive found = find(store, digests.sha256());
        Received leaving = new Received(found.content().parts(0, bytes.length));
        Received staying = new Received(found.content().parts(0, bytes.length));
        leaving.cancel();
        assertThat(staying.all()).isEqualTo(digests);
        assertThat(reads).hasValue(1);
    }

    @Test
    void what_was_used_least_recently_goes_first() throws IOException {
        List<Digest> kept = keep(0, 3);
        find(store, kept.get(0));
        kept = Stream.concat(kept.stream(), keep(3, 1).stream()).toList();
        assertThat(copies()).containsExactlyInAnyOrder(hex(kept, 0), hex(kept, 2), hex(kept, 3));
        assertThat(received(find(store, kept.get(1)))).isNotNull();
        assertThat(copies()).containsExactlyInAnyOrder(hex(kept, 0), hex(kept, 1), hex(kept, 3));
        assertThat(names("md5")).hasSize(3);
    }

    @Test
    void what_is_being_read_is_read_to_its_end_after_it_has_gone() throws IOException {
        Digest first = keep(0, 1).get(0);
        Stores.Part part = Stores.take((LocalContent) find(store, first).content(), 0, 300_000);
        keep(1, 3);
        assertThat(copies()).hasSize(3).doesNotContain(first.hex());
        assertThat(Bytes.digests(part.read()).sha256()).isEqualTo(first);
    }

    @Test
    void copies_are_known_after_a_restart_and_go_if_there_is_less_room_now() throws IOException {
        keep(0, 3);
        cached(place.resolve("cache"), SIZE);
        assertThat(copies()).hasSize(3);
        store = cached(place.resolve("cache"), 700_000);
        assertThat(copies()).hasSize(2);
        keep(3, 1);
        assertThat(copies()).hasSize(2);
    }

    @Test
    void many_that_come_at_once_have_no_more_room_than_there_is() throws IOException {
        List<Digest> all = IntStream.range(0, 10).mapToObj(this::keepElsewhere).toList();
        List<Received> readers = all.stream()
                .map(digest -> new Received(find(store, digest).content().parts(0, 300_000)))
                .toList();
        assertThat(readers.stream().map(reader -> reader.all().sha256())).isEqualTo(all);
        assertThat(copies()).hasSizeBetween(1, 3);
    }

    @Test
    void what_is_on_its_way_takes_room_too() throws IOException {
        List<Digest> all = IntStream.range(0, 5).mapToObj(this::keepElsewhere).toList();
        Iterator<Digest> others = all.iterator();
        Archive first = find(store, others.next());
        first.content().copyTo(piece -> {
            if (others.hasNext()) {
                received(find(store, others.next()));
            }
            assertThat(copies()).hasSizeLessThanOrEqualTo(2);
        });
        assertThat(copies()).hasSize(3).contains(first.sha256().hex());
    }

    @Test
    void a_copy_that_cannot_be_dropped_is_set_aside() throws IOException {
        FaultyDisk disk = new FaultyDisk(Files.createDirectories(place.resolve("disk")));
        CachedArchives small = onOneThread(disk, 400_000);
        Digest first = keepElsewhere(0);
        Digest second = keepElsewhere(1);
        received(find(small, first));
        disk.breaks((number, call) -> {
            if (call == Call.DELETE) {
                throw new IOException("Input/output error");
            }
        });
        assertThat(received(find(small, second)).sha256()).isEqualTo(second);
        assertThat(disk.real().resolve("quarantine").resolve(first.hex())).exists();
        assertThat(disk.real().resolve("cache").resolve(first.path())).doesNotExist();
        assertThat(disk.real().resolve("cache").resolve(second.path())).exists();
    }

    @Test
    void an_archive_that_is_larger_than_all_the_room_is_served_all_the_same() throws IOException {
        keep(0, 1);
        byte[] large = Bytes.random(2, SIZE + 1);
        Digest sha256 = Stores.keep(other, large).sha256();
        assertThat(soundness().read(find(store, sha256)).block(Stores.PATIENCE)).isTrue();
        assertThat(received(find(store, sha256)).sha256()).isEqualTo(sha256);
        assertThat(received(Stores.keep(store, large)).sha256()).isEqualTo(sha256);
        assertThat(copies()).hasSize(1);
    }

    @Test
    void an_archive_is_served_all_the_same_when_the_disk_is_full() throws IOException {
        keepElsewhere(bytes);
        long strikes = 0;
        for (int space = 0; space < 12; space++) {
            FaultyDisk disk = new FaultyDisk(Files.createDirectories(place.resolve("disk-" + space)));
            CachedArchives full = onOneThread(disk, bytes.length);
            disk.breaks(Fault.full(disk.calls() + space, Long.MAX_VALUE));
            Archive found = find(full, digests.sha256());
            assertThat(soundness().read(found).block(Stores.PATIENCE)).isTrue();
            assertThat(received(found)).isEqualTo(digests);
            disk.breaks(Fault.NONE);
            assertThat(received(found)).isEqualTo(digests);
            assertThat(disk.real().resolve("cache").resolve(digests.md5().path()))
                    .hasBinaryContent(bytes);
            strikes += disk.strikes();
        }
        assertThat(strikes).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {300_000, 300_001, 900_000})
    void a_wrong_object_is_neither_kept_nor_served(int length) throws IOException {
        keepElsewhere(bytes);
        Archive found = find(store, digests.sha256());
        objects.replace(key(), Bytes.random(2, length));
        assertThat(new Received(found.content().parts(0, 300_000)).fails()).isZero();
        assertThat(copies()).isEmpty();
        assertThat(Stores.find(store, digests.sha256())).isNull();
        assertThat(store.quarantined().block(Stores.PATIENCE)).isEqualTo(new Holdings(1, length));
    }

    @Test
    void an_object_that_is_found_wrong_when_it_is_verified_is_taken_out_of_service() throws IOException {
        keepElsewhere(bytes);
        objects.replace(key(), Bytes.random(2, 300_000));
        assertThat(soundness().read(find(store, digests.sha256())).block(Stores.PATIENCE))
                .isFalse();
        assertThat(copies()).isEmpty();
        assertThat(Stores.find(other, digests.sha256())).isNull();
        assertThat(store.quarantined().block(Stores.PATIENCE)).isEqualTo(new Holdings(1, 300_000));
    }

    @Test
    void of_a_copy_that_has_rotted_only_the_copy_goes() throws IOException {
        Stores.keep(store, bytes);
        Files.write(copy(), Bytes.random(2, 300_000));
        assertThat(soundness().read(find(store, digests.sha256())).block(Stores.PATIENCE))
                .isFalse();
        assertThat(copies()).isEmpty();
        assertThat(store.quarantined().block(Stores.PATIENCE)).isEqualTo(Holdings.NONE);
        assertThat(received(find(store, digests.sha256()))).isEqualTo(digests);
    }

    @Test
    void of_an_object_that_has_rotted_the_copy_goes_too_so_that_it_is_had_anew() throws IOException {
        Stores.keep(store, bytes);
        objects.replace(key(), Bytes.random(2, 300_000));
        Archive rotten = Stores.all(store).get(0);
        assertThat(soundness().read(rotten).block(Stores.PATIENCE)).isFalse();
        assertThat(copies()).isEmpty();
        assertThat(Stores.find(store, digests.sha256())).isNull();
        assertThat(store.quarantined().block(Stores.PATIENCE)).isEqualTo(new Holdings(1, 300_000));
    }

    @Test
    void what_is_removed_is_gone_from_both_places() throws IOException {
        Stores.keep(store, bytes);
        StepVerifier.create(store.remove(find(store, digests.md5())))
                .expectComplete()
                .verify(Stores.PATIENCE);
        assertThat(copies()).isEmpty();
        assertThat(names("md5")).isEmpty();
        assertThat(Stores.all(other)).isEmpty();
    }

    private Soundness soundness() {
        return new Soundness(store, watch, Schedulers.boundedElastic());
    }

    private static Archive find(ArchiveStore store, Digest digest) {
        return Objects.requireNonNull(Stores.find(store, digest));
    }

    private static Digests received(Archive archive) {
        return new Received(archive.content().parts(0, archive.length())).all();
    }

    private List<Digest> keep(int first, int count) throws IOException {
        List<Digest> kept = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            kept.add(Stores.keep(store, Bytes.random(100 + i, 300_000)).sha256());
        }
        return kept;
    }

    private Digest keepElsewhere(int i) {
        try {
            return Stores.keep(other, Bytes.random(100 + i, 300_000)).sha256();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private static String hex(List<Digest> digests, int i) {
        return digests.get(i).hex();
    }

    private List<String> copies() throws IOException {
        return names("sha256");
    }

    private List<String> names(String algorithm) throws IOException {
        Path folder = Files.createDirectories(place.resolve("cache/cache").resolve(algorithm));
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(file -> folder.relativize(file).getNameCount() == 2)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private Path copy() {
        return place.resolve("cache/cache").resolve(digests.sha256().path());
    }

    private String key() {
        return "cache/" + digests.sha256().path();
    }
}
