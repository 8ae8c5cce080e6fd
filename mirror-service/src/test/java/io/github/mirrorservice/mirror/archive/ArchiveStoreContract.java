package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.archive.ArchiveStore.Holdings;
import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every store of archives does. */
interface ArchiveStoreContract {

    /** An empty store. */
    ArchiveStore store();

    @Test
    default void an_archive_is_found_by_each_of_its_digests() throws IOException {
        byte[] bytes = Bytes.random(1, 100_000);
        Archive kept = Stores.keep(store(), bytes);
        Digests digests = Bytes.digests(bytes);
        assertThat(kept.sha256()).isEqualTo(digests.sha256());
        for (Digest digest : digests.all()) {
            Archive found = Objects.requireNonNull(Stores.find(store(), digest));
            assertThat(found.sha256()).isEqualTo(digests.sha256());
            assertThat(found.length()).isEqualTo(bytes.length);
            assertThat(Stores.bytes(found.content())).isEqualTo(bytes);
        }
    }

    @Test
    default void an_empty_archive_is_one_too() throws IOException {
        Stores.keep(store(), new byte[0]);
        Archive found = Objects.requireNonNull(
                Stores.find(store(), Bytes.digests(new byte[0]).md5()));
        assertThat(found.length()).isZero();
        assertThat(Stores.bytes(found.content())).isEmpty();
    }

    @Test
    default void what_was_never_kept_is_not_found() throws IOException {
        byte[] bytes = Bytes.random(2, 1_000);
        try (Deposit deposit = Stores.deposit(store(), bytes)) {
            assertThat(deposit.digests()).isEqualTo(Bytes.digests(bytes));
            assertThat(Stores.find(store(), deposit.digests().sha256())).isNull();
        }
        for (Digest digest : Bytes.digests(bytes).all()) {
            assertThat(Stores.find(store(), digest)).isNull();
        }
        assertThat(Stores.all(store())).isEmpty();
    }

    @Test
    default void any_part_is_the_part_that_it_says() throws IOException {
        byte[] bytes = Bytes.random(3, 200_000);
        Content content = Stores.keep(store(), bytes).content();
        for (int[] part : new int[][] {{0, 1}, {199_999, 1}, {65_535, 2}, {8_191, 100_001}, {0, 200_000}}) {
            assertThat(Stores.part(content, part[0], part[1])).isEqualTo(Bytes.cut(bytes, part[0], part[1]));
        }
    }

    @Test
    default void what_has_come_can_be_read_while_more_is_coming() throws IOException {
        byte[] bytes = Bytes.random(4, 90_000);
        try (Deposit deposit = Stores.deposit(store(), Bytes.cut(bytes, 0, 50_000))) {
            assertThat(deposit.length()).isEqualTo(50_000);
            assertThat(Stores.part(deposit.content(), 10, 49_990)).isEqualTo(Bytes.cut(bytes, 10, 49_990));
            Stores.append(deposit, Bytes.cut(bytes, 50_000, 40_000));
            assertThat(Stores.part(deposit.content(), 49_000, 41_000)).isEqualTo(Bytes.cut(bytes, 49_000, 41_000));
        }
    }

    @Test
    default void a_part_taken_before_the_end_is_read_after_it() throws IOException {
        byte[] bytes = Bytes.random(5, 60_000);
        Stores.Part kept;
        Stores.Part dropped;
        try (Deposit deposit = Stores.deposit(store(), bytes)) {
            kept = Stores.take(deposit.content(), 0, 60_000);
            deposit.keep();
        }
        try (Deposit deposit = Stores.deposit(store(), bytes)) {
            dropped = Stores.take(deposit.content(), 0, 60_000);
        }
        assertThat(kept.read()).isEqualTo(bytes);
        assertThat(dropped.read()).isEqualTo(bytes);
    }

    @Test
    default void the_same_archive_is_held_once_however_often_it_comes() throws IOException {
        byte[] bytes = Bytes.random(6, 5_000);
        Stores.keep(store(), bytes);
        Stores.keep(store(), bytes);
        assertThat(Stores.all(store())).singleElement().satisfies(archive -> assertThat(archive.length())
                .isEqualTo(5_000));
    }

    @Test
    default void all_archives_are_listed_in_the_order_of_their_digest() throws IOException {
        for (int i = 0; i < 40; i++) {
            Stores.keep(store(), Bytes.random(i, 100 + i));
        }
        List<Archive> all = Stores.all(store());
        assertThat(all).hasSize(40);
        assertThat(all.stream().map(archive -> archive.sha256().hex())).isSorted();
        assertThat(all.stream().mapToLong(Archive::length).sum()).isEqualTo(40 * 100 + 39 * 20);
    }

    @Test
    default void an_archive_in_quarantine_is_not_served_but_counted_and_can_come_again() throws IOException {
        byte[] bytes = Bytes.random(7, 3_000);
        Archive kept = Stores.keep(store(), bytes);
        store().quarantine(kept).block(Stores.PATIENCE);
        for (Digest digest : Bytes.digests(bytes).all()) {
            assertThat(Stores.find(store(), digest)).isNull();
        }
        assertThat(store().quarantined().block(Stores.PATIENCE)).isEqualTo(new Holdings(1, 3_000));
        Stores.keep(store(), bytes);
        for (Digest digest : Bytes.digests(bytes).all()) {
            assertThat(Stores.find(store(), digest)).isNotNull();
        }
    }

    @Test
    default void a_removed_archive_is_gone_by_every_digest_and_no_other_is() throws IOException {
        byte[] bytes = Bytes.random(8, 3_000);
        byte[] other = Bytes.random(9, 3_000);
        Archive kept = Stores.keep(store(), bytes);
        Stores.keep(store(), other);
        store().remove(kept).block(Stores.PATIENCE);
        for (Digest digest : Bytes.digests(bytes).all()) {
            assertThat(Stores.find(store(), digest)).isNull();
        }
        assertThat(Stores.all(store())).hasSize(1);
        assertThat(Stores.find(store(), Bytes.digests(other).md5())).isNotNull();
        store().remove(kept).block(Stores.PATIENCE);
    }

    @Test
    default void nothing_is_appended_once_the_digests_are_made() throws IOException {
        try (Deposit deposit = Stores.deposit(store(), Bytes.random(10, 10))) {
            deposit.digests();
            assertThatThrownBy(() -> Stores.append(deposit, new byte[1])).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    default void digests_are_those_of_every_algorithm() {
        Digests digests = Bytes.digests("abc".getBytes(StandardCharsets.US_ASCII));
        assertThat(digests.md5()).isEqualTo(new Digest(Algorithm.MD5, "900150983cd24fb0d6963f7d28e17f72"));
        assertThat(digests.sha256().hex())
                .startsWith("ba7816bf8f01cfea414140de5dae2223")
                .endsWith("f20015ad");
        assertThat(digests.sha512().hex())
                .startsWith("ddaf35a193617abacc417349ae204131")
                .endsWith("a54ca49f");
    }
}
