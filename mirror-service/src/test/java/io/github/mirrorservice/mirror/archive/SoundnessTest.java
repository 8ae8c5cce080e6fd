package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class SoundnessTest {

    private final RecordedWatch watch = new RecordedWatch();
    private final byte[] bytes = Bytes.random(1, 1_000);
    private ArchiveStore store;
    private Soundness soundness;
    private Archive held;

    @BeforeEach
    void keep(@TempDir Path directory) throws IOException {
        store = Stores.onDisk(directory);
        soundness = new Soundness(store, watch, Schedulers.boundedElastic());
        Stores.keep(store, bytes);
        held = store.find(Bytes.digests(bytes).sha256())
                .blockOptional(Stores.PATIENCE)
                .orElseThrow();
    }

    @Test
    void an_archive_that_cannot_be_opened_is_left_where_it_is() {
        StepVerifier.create(soundness.read(failing(new FileSystemException("a", null, "Too many open files"))))
                .expectError(ArchiveException.Store.class)
                .verify(Stores.PATIENCE);
        assertThat(watch.rotten).isEmpty();
        StepVerifier.create(store.find(held.sha256()))
                .expectNextCount(1)
                .expectComplete()
                .verify(Stores.PATIENCE);
    }

    @Test
    void an_archive_whose_bytes_cannot_be_read_is_taken_out_of_service() {
        StepVerifier.create(soundness.read(failing(new IOException("Input/output error"))))
                .expectNext(false)
                .expectComplete()
                .verify(Stores.PATIENCE);
        assertThat(watch.rotten).hasSize(1);
        StepVerifier.create(store.find(held.sha256())).expectComplete().verify(Stores.PATIENCE);
    }

    @Test
    void memory_that_runs_out_while_an_archive_is_read_says_nothing_of_it_and_lets_nobody_wait() {
        StepVerifier.create(soundness.read(failing(new OutOfMemoryError("of the test's making"))))
                .expectError(ArchiveException.Store.class)
                .verify(Stores.PATIENCE);
        assertThat(watch.rotten).isEmpty();
    }

    /** The archive on a disk, or a machine, that fails so. */
    private Archive failing(Throwable failure) {
        return new Archive(held.sha256(), held.length(), new LocalContent() {
            @Override
            public ReferenceCounted part(long first, long count) {
                throw new AssertionError("nobody sends it");
            }

            @Override
            public void copyTo(Sink target) throws IOException {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (IOException) failure;
            }
        });
    }
}
