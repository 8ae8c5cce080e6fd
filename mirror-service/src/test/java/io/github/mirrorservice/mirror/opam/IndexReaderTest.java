package io.github.mirrorservice.mirror.opam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.opam.ArchiveNamesBuilder.Named;
import io.github.mirrorservice.mirror.opam.format.OpamFile;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What an index says of itself is what its tree said. */
final class IndexReaderTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Cooperation COOPERATION = Cooperation.off(Schedulers.immediate());

    private final FakeTree tree = new FakeTree();
    private final Map<String, String> expected = new TreeMap<>();

    @Test
    void the_opam_files_of_an_index_are_those_of_its_tree() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            put("packages/p" + i + "/p" + i + ".1/opam", i, random.nextInt(3_000));
        }
        String longFolder = "n".repeat(120);
        put("packages/" + longFolder + "/" + longFolder + ".1/opam", 501, 10);
        String split = "m".repeat(60);
        put("packages/" + split + "/" + split + ".1/opam", 502, 511);
        tree.put("packages/p1/p1.1/files/opam", "url { src: \"http://a\" }".getBytes(StandardCharsets.UTF_8));
        tree.put("packages/p2/p2.1/files/large", new byte[300_000]);
        tree.put("packages/README", new byte[0]);

        assertThat(named(snapshot().index())).isEqualTo(expected);
    }

    @Test
    void what_is_too_short_for_an_index_is_none() {
        assertThatThrownBy(() ->
                        IndexReader.names(Body.of(new byte[3]), COOPERATION).block(DEADLINE))
                .isInstanceOf(OpamException.Disk.class);
    }

    @Test
    void what_the_tree_names_is_what_its_index_names() {
        for (int i = 0; i < 300; i++) {
            put("packages/p" + i % 100 + "/p" + i % 100 + "." + i + "/opam", i % 150, 20);
        }
        Snapshot snapshot = snapshot();
        ArchiveNames fromTree = Objects.requireNonNull(snapshot.archives().block(DEADLINE));
        ArchiveNames fromIndex = Objects.requireNonNull(ArchiveNamesBuilder.gather(
                        Flux.fromIterable(() -> new IndexReader(snapshot.index()))
                                .concatMapIterable(files -> files),
                        COOPERATION)
                .block(DEADLINE));
        assertThat(fromIndex.size()).isEqualTo(fromTree.size()).isEqualTo(150);
        assertThat(fromIndex.newestFirst(COOPERATION).collectList().block(DEADLINE))
                .isEqualTo(fromTree.newestFirst(COOPERATION).collectList().block(DEADLINE));
    }

    @Test
    void damage_is_an_error_and_never_the_end_of_the_program() {
        for (int i = 0; i < 50; i++) {
            put("packages/p" + i + "/p" + i + ".1/opam", i, 500);
        }
        byte[] bytes = Untar.bytes(snapshot().index());
        Random random = new Random(5);
        int refused = 0;
        for (int run = 0; run < 300; run++) {
            byte[] damaged = bytes.clone();
            damaged[IndexFile.HEADER_LENGTH + random.nextInt(damaged.length - IndexFile.HEADER_LENGTH)] ^=
                    (byte) (1 << random.nextInt(8));
            try {
                named(Body.of(damaged));
            } catch (OpamException.Disk told) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(20);
        assertThatThrownBy(() -> named(Body.of(Arrays.copyOf(bytes, bytes.length / 2))))
                .isInstanceOf(OpamException.Disk.class);
    }

    private void put(String path, int archive, int blanks) {
        String text = "opam-version: \"2.0\"\n" + " ".repeat(blanks) + "\nurl { src: \"http://origin.example/" + archive
                + "\" checksum: \"md5=" + String.format(Locale.ROOT, "%032x", archive) + "\" }\n";
        tree.put(path, text.getBytes(StandardCharsets.UTF_8));
        expected.put(path, "md5=" + String.format(Locale.ROOT, "%032x", archive));
    }

    private static Map<String, String> named(Body index) {
        Map<String, String> found = new TreeMap<>();
        List<Named> all = new ArrayList<>();
        new IndexReader(index).forEachRemaining(all::addAll);
        all.forEach(named -> found.put(named.path(), digest(named.file())));
        return found;
    }

    private static String digest(OpamFile file) {
        return file.archives().isEmpty()
                ? ""
                : file.archives().get(0).digests().toString().replaceAll("[\\[\\]]", "");
    }

    private Snapshot snapshot() {
        Snapshots snapshots = new Snapshots(
                "test", tree, COOPERATION, () -> new PublishGuard(1), Optional.of("cache"), Clock.systemUTC());
        Map<String, BlobId> nothing = Map.of();
        return Objects.requireNonNull(snapshots
                        .edit(OpamTree.EMPTY, tree.changesSince(nothing))
                        .flatMap(edit -> snapshots.next(edit, tree.commit(), Optional.empty()))
                        .block(DEADLINE))
                .snapshot();
    }
}
