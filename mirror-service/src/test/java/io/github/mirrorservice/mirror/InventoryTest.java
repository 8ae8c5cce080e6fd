package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.Inventory.Count;
import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Claim;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.archive.FileArchives;
import io.github.mirrorservice.mirror.archive.MemoryArchives;
import io.github.mirrorservice.mirror.archive.Stores;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.opam.NamedArchives;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

final class InventoryTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final MemoryArchives store = new MemoryArchives(1_000_000);
    private final Inventory inventory = new Inventory(store, Cooperation.off(Schedulers.immediate()));

    private static Digests digests(int seed) {
        return Bytes.digests(Bytes.random(seed, 100));
    }

    private Archive hold(int seed) throws IOException {
        return Stores.keep(store, Bytes.random(seed, 100));
    }

    private static Wanted wanted(Digest... digests) {
        return new Wanted(List.of(new Claim(List.of(digests), List.of())));
    }

    private static Wanted wanted(int seed) {
        return wanted(digests(seed).sha256());
    }

    private static Count count(int known, int missing) {
        return new Count(Optional.of(NamedArchives.snapshot().revision()), known, missing, List.of());
    }

    private Optional<Count> take(Wanted... archives) {
        return inventory.take(NamedArchives.snapshot(archives)).blockOptional(DEADLINE);
    }

    @Test
    void what_is_held_under_any_digest_is_not_missing() throws IOException {
        hold(1);
        hold(2);
        assertThat(take(wanted(digests(1).md5()), wanted(digests(2).sha512()), wanted(3)))
                .contains(count(3, 1));
        assertThat(inventory.missing()).containsExactly(wanted(3));
    }

    @Test
    void a_store_that_cannot_be_read_is_one_failure_however_many_looks_fail(@TempDir Path directory)
            throws IOException {
        ArchiveStore broken = new FileArchives(directory, Schedulers.boundedElastic());
        Wanted[] archives =
                IntStream.range(0, 8).mapToObj(InventoryTest::wanted).toArray(Wanted[]::new);
        for (Wanted wanted : archives) {
            Path place = directory.resolve("cache").resolve(wanted.key().path());
            Files.createDirectories(place.getParent());
            Files.createSymbolicLink(place, place);
        }
        assertThatThrownBy(() -> new Inventory(broken, Cooperation.off(Schedulers.immediate()))
                        .take(NamedArchives.snapshot(archives))
                        .block(DEADLINE))
                .isInstanceOf(ArchiveException.Store.class);
    }

    @Test
    void a_merge_adds_what_it_names_first_and_takes_away_what_it_names_no_longer() throws IOException {
        hold(1);
        take(wanted(1), wanted(2), wanted(3));
        hold(5);

        assertThat(take(wanted(1), wanted(3), wanted(4), wanted(5), wanted(6))).contains(count(5, 3));

        assertThat(inventory.missing()).containsExactly(wanted(4), wanted(6), wanted(3));
    }

    @Test
    void what_was_had_and_what_was_lost_is_counted_at_once() throws IOException {
        Archive held = hold(1);
        take(wanted(1), wanted(2));
        inventory.had(wanted(2), hold(2));
        assertThat(inventory.count()).isEqualTo(count(2, 0));
        inventory.lost(held);
        assertThat(inventory.missing()).containsExactly(wanted(1));
    }

    @Test
    void the_loss_of_what_nobody_names_is_none() throws IOException {
        take(wanted(1));
        inventory.lost(hold(2));
        assertThat(inventory.count()).isEqualTo(count(1, 1));
    }

    @Test
    void the_loss_of_what_only_an_md5_names_is_noticed() throws IOException {
        Archive held = hold(1);
        Wanted byMd5 = wanted(digests(1).md5());
        assertThat(inventory.of(held)).isEmpty();
        take(byMd5);
        assertThat(inventory.of(held)).contains(byMd5);
        store.remove(held).block(DEADLINE);
        inventory.lost(held);
        assertThat(inventory.missing()).containsExactly(byMd5);
    }

    @Test
    void the_loss_of_what_was_had_and_only_an_md5_names_is_noticed() throws IOException {
        Wanted byMd5 = wanted(digests(1).md5());
        take(byMd5);
        Archive had = hold(1);
        inventory.had(byMd5, had);
        inventory.lost(had);
        assertThat(inventory.missing()).containsExactly(byMd5);
    }

    @Test
    void a_loss_while_a_snapshot_is_looked_through_is_noticed() throws IOException {
        Archive held = hold(1);
        inventory.lost(held);
        assertThat(take(wanted(1))).contains(count(1, 1));
        assertThat(inventory.missing()).containsExactly(wanted(1));
    }

    @Test
    void what_a_merge_says_more_of_is_missing_once_under_its_new_name() {
        take(wanted(digests(1).md5()));
        assertThat(take(wanted(digests(1).md5(), digests(1).sha512()))).contains(count(1, 1));
        assertThat(inventory.missing())
                .containsExactly(wanted(digests(1).md5(), digests(1).sha512()));
    }

    @Test
    void what_no_snapshot_names_is_not_named() {
        take(wanted(1));
        assertThat(inventory.names(wanted(1))).isTrue();
        assertThat(inventory.names(wanted(2))).isFalse();
    }
}
