package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.FileArchives;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.archive.upstream.AddressPolicy;
import io.github.mirrorservice.mirror.archive.upstream.Sources.Caches;
import io.github.mirrorservice.mirror.metrics.ArchiveMeters;
import io.github.mirrorservice.mirror.metrics.Scrape;
import io.github.mirrorservice.mirror.opam.NamedArchives;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What goes on in the background for archives: on one thread, in a time of the test's own, on a disk. */
final class ArchiveWorkTest {

    private static final Digest DIGEST = Bytes.digests(Bytes.random(1, 100)).sha256();
    private static final Snapshot SNAPSHOT =
            NamedArchives.snapshot(new Wanted(List.of(new Claim(List.of(DIGEST), List.of("http://origin.example/1")))));

    @TempDir
    private Path directory;

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final Published published = new Published();
    private final List<Digest> asked = new ArrayList<>();
    private Disposable work = Mono.never().subscribe();
    private Path unreadable = Path.of("");

    /** The place of the archive leads to itself, so that no look at it succeeds. */
    @BeforeEach
    void breakDisk() throws IOException {
        unreadable = directory.resolve("cache").resolve(DIGEST.path());
        Files.createDirectories(unreadable.getParent());
        Files.createSymbolicLink(unreadable, unreadable);
    }

    @AfterEach
    void stop() {
        work.dispose();
    }

    private Archives archives() {
        Archives archives = new Archives(
                () -> new ArchiveSettings(
                        ArchiveSettings.Mode.EAGER,
                        Settings.Store.FILE,
                        AddressPolicy.of(List.of()),
                        new Caches(List.of(), Caches.Order.FIRST),
                        ArchiveSettings.Publication.NEVER,
                        Duration.ofSeconds(30),
                        OptionalLong.empty()),
                new ArchiveMeans(
                        new FileArchives(directory, Schedulers.immediate()),
                        (watch, soundness) -> (wanted, arrivals) -> {
                            asked.add(wanted.key());
                            return Mono.never();
                        },
                        Cooperation.off(Schedulers.immediate()),
                        Schedulers.immediate(),
                        timer,
                        Clock.systemUTC()),
                published,
                new ArchiveMeters(new Scrape().registry()));
        work = archives.work().subscribe();
        return archives;
    }

    @Test
    void a_disk_that_cannot_be_read_for_a_moment_is_looked_at_again() throws IOException {
        archives();
        published.publish(SNAPSHOT);
        timer.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(asked).isEmpty();
        Files.delete(unreadable);
        timer.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(asked).containsExactly(DIGEST);
    }

    @Test
    void what_is_missing_is_that_of_the_snapshot_that_was_looked_through() throws IOException {
        Archives archives = archives();
        published.publish(SNAPSHOT);
        assertThat(archives.status()).returns(false, status -> status.isOf(SNAPSHOT.revision()));
        Files.delete(unreadable);
        timer.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(archives.status())
                .returns(true, status -> status.isOf(SNAPSHOT.revision()))
                .returns(1, ArchiveStatus::missing);
    }
}
