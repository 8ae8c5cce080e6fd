package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.objects.Bucket;
import io.github.mirrorservice.mirror.objects.ForwardedStore;
import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import io.github.mirrorservice.mirror.objects.S3Objects;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

final class S3ArchivesTest implements ArchiveStoreContract {

    @RegisterExtension
    static final Bucket bucket = new Bucket();

    @TempDir
    Path directory;

    private S3Objects objects;
    private S3Archives store;

    @BeforeEach
    void open() {
        objects = bucket.objects();
        store = new S3Archives(objects, directory.resolve("incoming"), Schedulers.boundedElastic());
        store.prepare().block(Stores.PATIENCE);
    }

    @Test
    void a_store_that_does_not_answer_once_makes_no_archive_rotten() throws IOException {
        Digest sha256 = Stores.keep(store, Bytes.random(1, 1_000)).sha256();
        ObjectStore failing = new ForwardedStore(objects) {
            @Override
            public InputStream open(String key) throws IOException {
                throw new ObjectStoreException("503");
            }
        };
        S3Archives read = new S3Archives(failing, directory.resolve("failing"), Schedulers.boundedElastic());
        Soundness soundness = new Soundness(read, new RecordedWatch(), Schedulers.boundedElastic());
        Archive found = Objects.requireNonNull(Stores.find(read, sha256));
        assertThatThrownBy(() -> soundness.read(found).block(Stores.PATIENCE))
                .isInstanceOf(ArchiveException.Store.class);
        assertThat(Stores.find(store, sha256)).isNotNull();
    }

    @Test
    void a_name_that_is_much_too_long_or_nothing_at_all_names_nothing_and_is_replaced() throws IOException {
        byte[] bytes = Bytes.random(3, 1_000);
        objects.create("cache/" + Bytes.digests(bytes).md5().path(), new byte[5_000]);
        objects.create("cache/" + Bytes.digests(bytes).sha512().path(), new byte[0]);
        assertThat(Stores.find(store, Bytes.digests(bytes).md5())).isNull();
        Stores.keep(store, bytes);
        assertThat(Stores.find(store, Bytes.digests(bytes).md5())).isNotNull();
        assertThat(Stores.find(store, Bytes.digests(bytes).sha512())).isNotNull();
    }

    @Test
    void what_lies_where_nobody_looks_is_not_held() throws IOException {
        objects.create("cache/sha256/" + Bytes.digests(new byte[1]).sha256().hex(), new byte[1]);
        assertThat(store.all().collectList().block(Stores.PATIENCE)).isEmpty();
    }

    @Test
    void what_is_there_under_the_right_name_and_wrong_is_replaced() throws IOException {
        byte[] bytes = Bytes.random(2, 1_000);
        Digest sha256 = Bytes.digests(bytes).sha256();
        objects.create("cache/" + sha256.path(), new byte[1_000]);
        assertThat(Stores.bytes(Stores.keep(store, bytes).content())).isEqualTo(bytes);
    }

    @Override
    public ArchiveStore store() {
        return store;
    }
}
