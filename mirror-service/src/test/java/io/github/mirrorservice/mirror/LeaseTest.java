package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.objects.Bucket;
import io.github.mirrorservice.mirror.objects.ForwardedStore;
import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.S3Objects;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.scheduler.Schedulers;

final class LeaseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    static final Bucket bucket = new Bucket();

    private S3Objects objects;

    @BeforeEach
    void open() {
        objects = bucket.objects();
    }

    @Test
    void who_looked_last_looks_again_and_the_others_only_when_he_does_not() throws Exception {
        Lease one = lease(objects, "one");
        Lease other = lease(objects, "other");
        assertThat(one.isDue().block(PATIENCE)).isTrue();
        one.looked().block(PATIENCE);
        assertThat(one.isDue().block(PATIENCE)).isTrue();
        assertThat(other.isDue().block(PATIENCE)).isFalse();
        bucket.age("lease", Duration.ofMinutes(1));
        assertThat(other.isDue().block(PATIENCE)).isTrue();
    }

    @Test
    void whoever_cannot_ask_looks_himself_whatever_is_the_matter() throws Exception {
        Lease exhausted = lease(
                new ForwardedStore(objects) {
                    @Override
                    public Optional<Fetched> get(String key, int most) {
                        throw new OutOfMemoryError("of the test's making");
                    }

                    @Override
                    public void replace(String key, byte[] content) {
                        throw new OutOfMemoryError("of the test's making");
                    }
                },
                "one");
        assertThat(exhausted.isDue().block(PATIENCE)).isTrue();
        assertThat(exhausted.looked().blockOptional(PATIENCE)).isEmpty();
        bucket.stop();
        Lease away = lease(objects, "one");
        assertThat(away.isDue().block(PATIENCE)).isTrue();
        assertThat(away.looked().blockOptional(PATIENCE)).isEmpty();
    }

    private static Lease lease(ObjectStore store, String replica) {
        return new Lease(store, replica, () -> Duration.ofSeconds(60), Schedulers.boundedElastic());
    }
}
