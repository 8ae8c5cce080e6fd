package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.objects.Bucket;
import io.github.mirrorservice.mirror.objects.S3Objects;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

final class S3ArchivesTest implements ArchiveStoreContract {

    @TempDir
    static Path directory;

    private static Bucket bucket;

    private S3Objects objects;
    private S3Archives store;

    @BeforeAll
    static void serve() throws Exception {
        bucket = Bucket.in(directory.resolve("bucket"));
    }

    @AfterAll
    static void end() throws Exception {
        bucket.stop();
    }

    @BeforeEach
    void open(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        objects = new S3Objects(bucket.location(name), (operation, result, taken) -> {});
        store = new S3Archives(objects, directory.resolve(name), Schedulers.boundedElastic());
        store.prepare().block(Stores.PATIENCE);
    }

    @AfterEach
    void close() {
        objects.close();
    }

    @Override
    public ArchiveStore store() {
        return store;
    }
}
