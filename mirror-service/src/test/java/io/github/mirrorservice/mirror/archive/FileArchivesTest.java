package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.faults.FaultyDisk;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives in a directory. */
final class FileArchivesTest implements ArchiveStoreContract {

    @TempDir
    private Path directory;

    private ArchiveStore store = new MemoryArchives(0);

    @BeforeEach
    void open() {
        store = Stores.onDisk(directory);
    }

    @Override
    public ArchiveStore store() {
        return store;
    }

    @Test
    void the_directory_is_a_cache_of_opam() throws IOException {
        byte[] bytes = Bytes.random(1, 1_000);
        Stores.keep(store, bytes);
        for (Digest digest : Bytes.digests(bytes).all()) {
            Path file = directory
                    .resolve("cache")
                    .resolve(digest.algorithm().label())
                    .resolve(digest.hex().substring(0, 2))
                    .resolve(digest.hex());
            assertThat(file).hasBinaryContent(bytes);
        }
    }

    @Test
    void it_can_be_moved_elsewhere_as_it_is() throws IOException {
        byte[] bytes = Bytes.random(2, 1_000);
        Stores.keep(store, bytes);
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(directory.resolve("cache"), Files.createDirectory(elsewhere).resolve("cache"));
        ArchiveStore moved = Stores.onDisk(elsewhere);
        assertThat(Stores.find(moved, Bytes.digests(bytes).sha512())).isNotNull();
    }

    @Test
    void what_a_crash_left_behind_is_gone_after_the_next_start_and_what_was_kept_is_not() throws IOException {
        byte[] bytes = Bytes.random(3, 1_000);
        Stores.keep(store, bytes);
        Stores.deposit(store, Bytes.random(4, 1_000));
        assertThat(leftovers()).isEqualTo(1);
        open();
        assertThat(leftovers()).isZero();
        assertThat(Stores.find(store, Bytes.digests(bytes).md5())).isNotNull();
    }

    @Test
    void a_link_that_leads_nowhere_is_replaced_and_one_that_leads_elsewhere_is_not_followed() throws IOException {
        byte[] bytes = Bytes.random(5, 1_000);
        Digest md5 = Bytes.digests(bytes).md5();
        Path link = directory
                .resolve("cache/md5")
                .resolve(md5.hex().substring(0, 2))
                .resolve(md5.hex());
        Files.createDirectories(link.getParent());
        Files.writeString(directory.resolve("secret"), "secret");
        for (String target : new String[] {"../../../secret", "/etc/passwd", "../../sha256/aa/" + "a".repeat(64)}) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(target));
            assertThat(Stores.find(store, md5)).as(target).isNull();
        }
        Stores.keep(store, bytes);
        assertThat(Stores.find(store, md5)).isNotNull();
    }

    @Test
    void a_directory_that_cannot_be_written_is_reported_with_its_remedy() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> Stores.onDisk(file))
                .isInstanceOf(ArchiveException.Store.class)
                .hasMessageContaining("check its space");
    }

    private long leftovers() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("incoming"))) {
            return files.count();
        }
    }

    @Test
    void an_archive_that_is_asked_for_while_it_is_removed_is_gone_when_it_is_removed() throws IOException {
        ArchiveStore store = Stores.onDisk(directory);
        byte[] bytes = Bytes.random(1, 1_000);
        Digest digest = Bytes.digests(bytes).sha256();
        Stores.keep(store, bytes);
        Archive held = Objects.requireNonNull(Stores.find(store, digest));
        LocalContent asked = new LocalContent() {
            @Override
            public ReferenceCounted part(long first, long count) {
                return ((LocalContent) held.content()).part(first, count);
            }

            @Override
            public void copyTo(Sink target) throws IOException {
                Thread client = new Thread(() -> store.find(digest).block(Duration.ofSeconds(10)));
                client.start();
                try {
                    client.join();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                held.content().copyTo(target);
            }
        };
        store.remove(new Archive(digest, 1_000, asked)).block(Duration.ofSeconds(10));
        assertThat(store.find(digest).blockOptional(Duration.ofSeconds(10))).isEmpty();
    }

    @Test
    void what_is_kept_outlives_a_power_cut_also_if_a_killed_process_had_made_its_folders() throws IOException {
        byte[] bytes = Bytes.random(1, 1_000);
        for (int call = 0; call < 20; call++) {
            for (int seed = 0; seed < 20; seed++) {
                FaultyDisk disk =
                        new FaultyDisk(Files.createDirectories(directory.resolve("disk-" + call + '-' + seed)));
                disk.killAt(call);
                try {
                    Stores.keep(Stores.onDisk(disk.path()), bytes);
                } catch (IOException | ArchiveException killed) {
                    assertThat(disk.isKilled()).isTrue();
                }
                disk.restart();
                Stores.keep(Stores.onDisk(disk.path()), bytes);
                disk.cutPower(seed);
                for (Digest digest : Bytes.digests(bytes).all()) {
                    assertThat(disk.real().resolve("cache").resolve(digest.path()))
                            .as("killed at call %d, power cut %d", call, seed)
                            .hasBinaryContent(bytes);
                }
            }
        }
    }
}
