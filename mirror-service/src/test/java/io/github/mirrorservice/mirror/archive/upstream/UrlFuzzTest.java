package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.mirrorservice.mirror.archive.Digest;
import java.util.List;

/** Where opam files and redirects send the mirror, and what they say of checksums. */
final class UrlFuzzTest {

    @FuzzTest
    void a_url_is_refused_or_has_one_meaning(FuzzedDataProvider data) {
        try {
            Url url = Url.parse(data.consumeString(200));
            isPlain(url);
            isPlain(url.resolve(data.consumeRemainingAsString()));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
        }
    }

    private static void isPlain(Url url) {
        assertThat(Url.isAddress(url.host()) || Url.isName(url.host())).isTrue();
        assertThat(url.port()).isBetween(1, 65_535);
        assertThat(url.target()).startsWith("/").matches("[!-~]*");
    }

    @FuzzTest
    void an_address_that_is_allowed_is_read_or_refused(FuzzedDataProvider data) {
        String allowed = data.consumeRemainingAsString();
        try {
            AddressPolicy.of(List.of(allowed));
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @FuzzTest
    void a_checksum_is_none_or_comes_back_as_it_is(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        Digest.parse(text).ifPresent(digest -> {
            assertThat(Digest.parse(digest.toString())).contains(digest);
            assertThat(digest.path()).matches("(md5|sha256|sha512)/[0-9a-f]{2}/[0-9a-f]{32,128}");
        });
    }
}
