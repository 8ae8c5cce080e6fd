package io.github.mirrorservice.mirror.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

final class ObjectAuditTest {

    @RegisterExtension
    static final Bucket bucket = new Bucket();

    private final byte[] bytes = Bytes.random(1, 100_000);
    private final Digests digests = Bytes.digests(bytes);
    private final Digests others = Bytes.digests(Bytes.random(2, 1_000));

    @TempDir
    private Path directory;

    private S3Objects objects;

    @BeforeEach
    void keepTwo() throws IOException {
        objects = bucket.objects();
        S3Archives store = new S3Archives(objects, directory.resolve("incoming"), Schedulers.immediate());
        store.prepare().block(Stores.PATIENCE);
        Stores.keep(store, bytes);
        Stores.keep(store, Bytes.random(2, 1_000));
    }

    @Test
    void archives_that_are_what_they_were_are_found_with_all_their_digests() throws IOException {
        CacheAudit.Report report = ObjectAudit.of(objects);
        assertThat(report.wrong()).isEmpty();
        assertThat(report.sound()).containsOnlyKeys(digests.sha256(), others.sha256());
        assertThat(report.sound().get(digests.sha256())).isEqualTo(digests);
    }

    @Test
    void more_than_are_listed_at_once_are_all_read() throws IOException {
        ObjectStore few = new ForwardedStore(objects) {
            @Override
            public List<Listed> list(String prefix, String after) throws IOException {
                return super.list(prefix, after).stream().limit(1).toList();
            }
        };
        assertThat(ObjectAudit.of(few).sound()).hasSize(2);
    }

    @Test
    void bytes_that_hash_to_something_else_are_wrong() throws IOException {
        objects.replace(key(digests.sha256()), Bytes.random(3, 100_000));
        CacheAudit.Report report = ObjectAudit.of(objects);
        assertThat(report.sound()).containsOnlyKeys(others.sha256());
        assertThat(report.wrong())
                .containsExactly(key(digests.sha256()) + " holds bytes that hash to "
                        + Bytes.digests(Bytes.random(3, 100_000)).sha256());
    }

    @Test
    void a_name_of_another_archive_is_wrong() throws IOException {
        objects.replace(key(digests.md5()), others.sha256().toString().getBytes(US_ASCII));
        assertThat(ObjectAudit.of(objects).wrong())
                .containsExactly(key(digests.md5()) + " leads to " + others.sha256() + ", which does not hash to it");
    }

    @Test
    void what_names_an_archive_that_is_not_there_is_not_wrong() throws IOException {
        objects.delete(key(digests.sha256()));
        objects.replace(key(others.sha512()), "nothing".getBytes(US_ASCII));
        CacheAudit.Report report = ObjectAudit.of(objects);
        assertThat(report.wrong()).isEmpty();
        assertThat(report.sound()).hasSize(1);
    }

    @Test
    void what_is_too_long_for_a_name_or_empty_is_wrong() throws IOException {
        objects.replace(key(digests.md5()), bytes);
        objects.replace(key(others.md5()), new byte[0]);
        assertThat(ObjectAudit.of(objects).wrong())
                .containsExactlyInAnyOrder(
                        key(digests.md5()) + " has 100000 bytes, where a SHA-256 belongs",
                        key(others.md5()) + " has 0 bytes, where a SHA-256 belongs");
    }

    @Test
    void what_is_taken_out_of_service_meanwhile_is_not_wrong() throws IOException {
        ObjectStore busy = new ForwardedStore(objects) {
            @Override
            public InputStream open(String key) throws IOException {
                objects.delete(key(digests.sha256()));
                return super.open(key);
            }
        };
        CacheAudit.Report report = ObjectAudit.of(busy);
        assertThat(report.wrong()).isEmpty();
        assertThat(report.sound()).containsOnlyKeys(others.sha256());
    }

    @Test
    void a_store_that_does_not_answer_is_no_finding() throws Exception {
        bucket.stop();
        assertThatThrownBy(() -> ObjectAudit.of(objects)).isInstanceOf(ObjectStoreException.class);
    }

    private static String key(Digest digest) {
        return "cache/" + digest.path();
    }
}
