package io.github.mirrorservice.mirror.opam.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.mirrorservice.mirror.git.CommitId;
import java.util.Optional;

/** Whatever stands in files of a repository: these are read from whoever may merge. */
final class FormatFuzzTest {

    private static final CommitId COMMIT = new CommitId("0123456789".repeat(4));
    private static final Optional<String> CACHE = Optional.of("cache");

    @FuzzTest
    void an_opam_file_is_read_or_called_flawed(byte[] bytes) {
        OpamFile file = OpamFile.read("opam", bytes);
        assertThat(file.archives().isEmpty() || file.diagnostics().size() < 1_000)
                .isTrue();
        file.archives().forEach(archive -> assertThat(archive.urls()).doesNotContainNull());
    }

    @FuzzTest
    void a_repo_file_that_is_stamped_can_be_read_and_is_stamped_once(byte[] bytes) {
        byte[] stamped;
        try {
            stamped = RepoFile.parse(bytes).stampedWith(COMMIT, CACHE);
        } catch (OpamSyntaxException refused) {
            return;
        }
        assertThat(RepoFile.parse(stamped).stampedWith(COMMIT, CACHE)).isEqualTo(stamped);
    }
}
