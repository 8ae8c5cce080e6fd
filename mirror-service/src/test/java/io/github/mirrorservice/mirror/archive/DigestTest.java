package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {

    private static final String MD5 = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @EnumSource
    void a_digest_is_read_as_it_is_written(Algorithm algorithm) {
        Digest digest = new Digest(algorithm, "a5".repeat(algorithm.digits() / 2));
        assertThat(Digest.of(digest.toString())).isEqualTo(digest);
    }

    @ParameterizedTest
    @EnumSource
    void case_does_not_matter(Algorithm algorithm) {
        String text = new Digest(algorithm, "a5".repeat(algorithm.digits() / 2)).toString();
        assertThat(Digest.of(text.toUpperCase(Locale.ROOT))).hasToString(text);
    }

    @Test
    void bare_digits_of_the_right_number_are_an_md5() {
        assertThat(Digest.of(MD5)).hasToString("md5=" + MD5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=",
                "md5=",
                "md5:" + MD5,
                " md5=" + MD5,
                "md5=" + MD5 + " ",
                "md5=" + MD5 + "0",
                "md5=0123456789abcdef0123456789abcdeg",
                "md5=0123456789abcdef0123456789abcd\u0665\u0665",
                "sha1=" + MD5 + "01234567",
                "sha256=" + MD5,
                "md5=md5=" + MD5,
                "=" + MD5,
                MD5 + MD5
            })
    void what_opam_does_not_read_is_no_digest(String text) {
        assertThat(Digest.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.of(text)).withMessageContaining("not a checksum");
    }

    @Test
    void a_hash_is_lowercase_and_of_the_right_length() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Digest(Algorithm.MD5, MD5.toUpperCase(Locale.ROOT)))
                .withMessageContaining("32 lowercase hex digits");
        assertThatIllegalArgumentException().isThrownBy(() -> new Digest(Algorithm.SHA256, MD5));
    }

    @Test
    void digests_sort_by_strength() {
        Digest weak = new Digest(Algorithm.MD5, "f".repeat(32));
        Digest good = new Digest(Algorithm.SHA256, "a".repeat(64));
        Digest next = new Digest(Algorithm.SHA256, "b".repeat(64));
        Digest best = new Digest(Algorithm.SHA512, "0".repeat(128));
        assertThat(Stream.of(best, next, weak, good).sorted()).containsExactly(weak, good, next, best);
    }
}
