package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.opam.OpamException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Whatever stands in files that somebody carries to the mirror, and in what it is told. */
final class FileFuzzTest {

    private static Path directory = Path.of("");
    private static Optional<Offline> offline = Optional.empty();

    @BeforeAll
    static void open() throws IOException {
        directory = Files.createTempDirectory("fuzz");
        offline = Optional.of(new Offline(directory));
    }

    @AfterAll
    static void close() {
        offline.ifPresent(Offline::close);
    }

    private static Path file(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    @FuzzTest
    void a_configuration_is_read_or_refused(byte[] bytes) throws IOException {
        try {
            ConfigFile.read(file("config.yaml", bytes));
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).contains("config.yaml");
        }
    }

    @FuzzTest
    void a_bundle_is_read_or_refused(byte[] bytes) throws IOException {
        try {
            Bundle.read(file("a.bundle", bytes), new Bundle.Receiver() {
                @Override
                public void snapshot(InputStream content) throws IOException {
                    content.transferTo(OutputStream.nullOutputStream());
                }

                @Override
                public void archive(Digest sha256, InputStream content) throws IOException {
                    content.transferTo(OutputStream.nullOutputStream());
                }
            });
        } catch (Bundle.Damaged | StartException refused) {
            assertThat(refused.getMessage()).contains("a.bundle");
        }
    }

    @FuzzTest
    void a_snapshot_is_read_or_refused(byte[] bytes) throws IOException {
        file("snapshot", bytes);
        try {
            assertThat(offline.orElseThrow().snapshot()).isPresent();
        } catch (OpamException.Disk refused) {
            assertThat(refused.getMessage()).contains("damaged");
        }
    }

    @FuzzTest
    void a_remote_is_understood_or_refused(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        try {
            assertThat(Remote.parse(text, Optional.empty()).display()).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
