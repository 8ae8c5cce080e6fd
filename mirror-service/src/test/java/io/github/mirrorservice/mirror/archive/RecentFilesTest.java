package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecentFilesTest {

    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    private Path directory;

    @Test
    void what_was_opened_is_found_and_read_whatever_becomes_of_its_name() throws IOException {
        RecentFiles recent = new RecentFiles(2, LONG);
        Digest asked = open(recent, 1);
        Files.delete(file(1));

        Archive found = recent.get(asked).orElseThrow();
        assertThat(Stores.part(found.content(), 10, 100)).isEqualTo(part(1));
    }

    @Test
    void after_a_while_it_is_to_be_looked_up_anew() throws IOException {
        RecentFiles recent = new RecentFiles(2, Duration.ofNanos(1));
        Digest asked = open(recent, 1);

        assertThat(recent.get(asked)).isEmpty();
    }

    @Test
    void of_more_than_there_is_room_for_the_one_that_was_not_asked_for_longest_is_closed() throws IOException {
        RecentFiles recent = new RecentFiles(2, LONG);
        Digest first = open(recent, 1);
        Digest second = open(recent, 2);
        assertThat(recent.get(first)).isPresent();
        open(recent, 3);

        assertThat(recent.get(first)).isPresent();
        assertThat(recent.get(second)).isEmpty();
    }

    @Test
    void what_is_taken_out_of_service_is_not_found_by_any_digest() throws IOException {
        RecentFiles recent = new RecentFiles(4, LONG);
        Digests digests = Bytes.digests(bytes(1));
        open(recent, 1);
        recent.open(digests.md5(), archive(1), file(1));
        Digest other = open(recent, 2);

        recent.close(digests.sha256());

        assertThat(recent.get(digests.sha256())).isEmpty();
        assertThat(recent.get(digests.md5())).isEmpty();
        assertThat(recent.get(other)).isPresent();
    }

    @Test
    void who_has_it_still_reads_it_after_it_was_closed() throws IOException {
        RecentFiles recent = new RecentFiles(2, LONG);
        Archive found = recent.get(open(recent, 1)).orElseThrow();
        Stores.Part begun = Stores.take((LocalContent) found.content(), 10, 100);
        recent.close(found.sha256());

        assertThat(Stores.part(found.content(), 10, 100)).isEqualTo(part(1));
        Files.delete(file(1));
        assertThat(begun.read()).isEqualTo(part(1));
    }

    private Digest open(RecentFiles recent, int number) throws IOException {
        Archive archive = archive(number);
        return recent.open(archive.sha256(), archive, file(number)).sha256();
    }

    private Archive archive(int number) throws IOException {
        Files.write(file(number), bytes(number));
        return new Archive(Bytes.digests(bytes(number)).sha256(), 1_000, new FileContent(file(number)));
    }

    private Path file(int number) {
        return directory.resolve("archive-" + number);
    }

    private static byte[] bytes(int number) {
        return Bytes.random(number, 1_000);
    }

    private static byte[] part(int number) {
        return Arrays.copyOfRange(bytes(number), 10, 110);
    }
}
