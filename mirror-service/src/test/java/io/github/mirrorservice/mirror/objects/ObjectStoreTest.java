package io.github.mirrorservice.mirror.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

final class ObjectStoreTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @RegisterExtension
    static final Bucket bucket = new Bucket();

    @TempDir
    Path directory;

    private S3Objects store;

    @BeforeEach
    void open() {
        store = bucket.objects();
    }

    @Test
    void an_object_is_created_once() throws IOException {
        assertThat(store.create("a", bytes("first"))).isTrue();
        assertThat(store.create("a", bytes("second"))).isFalse();
        assertThat(text("a")).isEqualTo("first");
        store.replace("a", bytes("third"));
        assertThat(text("a")).isEqualTo("third");
        store.delete("a");
        store.delete("a");
        assertThat(store.get("a", 10)).isEmpty();
        assertThat(store.find("a")).isEmpty();
    }

    @Test
    void a_file_is_sent_and_any_part_of_it_comes_back() throws IOException {
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        assertThat(store.create("dir/file", file)).isTrue();
        assertThat(store.create("dir/file", file)).isFalse();
        assertThat(store.find("dir/file")).contains(new ObjectStore.Listed("dir/file", content.length));
        try (InputStream all = store.open("dir/file")) {
            assertThat(all.readAllBytes()).isEqualTo(content);
        }
        ByteBuffer part = ByteBuffer.allocate(1_000_000);
        for (ByteBuffer piece : Objects.requireNonNull(
                store.read("dir/file", 1_234_567, 1_000_000).collectList().block(PATIENCE))) {
            part.put(piece);
        }
        assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(content, 1_234_567, 1_000_000));
    }

    @Test
    void whoever_leaves_in_the_middle_leaves_nothing_behind() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[5_000_000]);
        store.create("file", file);
        for (int i = 0; i < 20; i++) {
            assertThat(store.read("file", 0, 5_000_000).take(1 + i).blockLast(PATIENCE))
                    .isNotNull();
        }
    }

    @Test
    void a_part_that_goes_beyond_the_end_is_no_whole_part() throws IOException {
        store.create("a", bytes("0123456789"));
        assertThatThrownBy(() -> store.read("a", 5, 10).blockLast(PATIENCE)).hasMessageContaining("5 bytes");
        assertThatThrownBy(() -> store.read("b", 0, 10).blockLast(PATIENCE)).hasMessageContaining("does not answer");
    }

    @Test
    void objects_are_listed_in_order_from_anywhere() throws IOException {
        for (String key : List.of("b/2", "a/1", "b/1", "b/3", "c/1")) {
            store.create(key, bytes(key));
        }
        assertThat(store.list("b/", "").stream().map(ObjectStore.Listed::key)).containsExactly("b/1", "b/2", "b/3");
        assertThat(store.list("b/", "b/1").stream().map(ObjectStore.Listed::key))
                .containsExactly("b/2", "b/3");
        store.copy("a/1", "b/4");
        assertThat(text("b/4")).isEqualTo("a/1");
    }

    @Test
    void of_an_object_that_is_larger_than_it_may_be_no_more_is_read_than_shows_it() throws IOException {
        store.create("a", bytes("0123456789"));
        assertThat(text("a", 10)).isEqualTo("0123456789");
        assertThat(text("a", 9)).isEqualTo("0123456789");
        assertThat(text("a", 3)).isEqualTo("0123");
        store.create("empty", new byte[0]);
        assertThat(text("empty", 3)).isEmpty();
        assertThat(text("a", 10)).isEqualTo("0123456789");
    }

    @Test
    void callers_who_go_away_do_not_say_that_the_store_is() throws IOException {
        store.create("a", bytes("x"));
        for (int gone = 0; gone < 10; gone++) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> store.find("a")).hasMessageContaining("did not wait");
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(store.find("a")).isPresent();
    }

    @Test
    void a_store_that_looks_first_and_writes_then_is_found_out_though_it_does_it_right_at_times() throws IOException {
        AtomicInteger rounds = new AtomicInteger();
        Set<String> keys = ConcurrentHashMap.newKeySet();
        ObjectStore sometimes = new ForwardedStore(store) {
            @Override
            public boolean create(String key, byte[] content) throws IOException {
                if (keys.add(key)) {
                    rounds.incrementAndGet();
                }
                return super.create(key, content) || rounds.get() > 2;
            }
        };
        assertThat(CreateOnly.isAtomic(sometimes)).isFalse();
    }

    @Test
    void a_store_that_creates_an_object_once_is_found_out() throws IOException {
        assertThat(CreateOnly.isAtomic(store)).isTrue();
        assertThat(store.list("probe/", "")).isEmpty();
    }

    @Test
    void a_store_that_is_away_is_left_alone_for_a_while_and_asked_again() throws Exception {
        store.create("a", bytes("x"));
        bucket.stop();
        assertThatThrownBy(() -> store.find("a")).hasMessageContaining("check --object-store");
        assertThatThrownBy(() -> store.find("a")).isInstanceOf(ObjectStoreException.class);
        assertThatThrownBy(() -> store.find("a")).hasMessageContaining("left alone");
        assertThatThrownBy(() -> store.read("a", 0, 1).blockLast(PATIENCE))
                .hasMessageContaining("check --object-store");
        bucket.start();
        Mono.fromCallable(() -> store.find("a"))
                .subscribeOn(Schedulers.boundedElastic())
                .retryWhen(Retry.fixedDelay(100, Duration.ofMillis(50)))
                .block(PATIENCE);
    }

    private String text(String key) throws IOException {
        return text(key, 100);
    }

    private String text(String key, int most) throws IOException {
        return UTF_8.decode(store.get(key, most).orElseThrow().content()).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
