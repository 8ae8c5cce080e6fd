package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorityTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "a",
                "1",
                "127.0.0.1:1",
                "mirror.example.org.",
                "my_mirror-1~",
                "a:",
                "a:65535",
                "[::1]",
                "[::1]:8080",
                "[::ffff:192.0.2.1]",
                "[2001:DB8::1]:"
            })
    void a_name_or_an_address_may_have_a_port(String host) {
        assertThat(Authority.isValid(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                " a",
                "a b",
                "a,b",
                "a/b",
                "a@b",
                "a:b",
                "a:80:80",
                "a:123456",
                "a:-1",
                "[",
                "]",
                "[]",
                "[]:80",
                "[::1",
                "::1",
                "[::1]x",
                "[::1]x:80",
                "[::1]]",
                "[g::1]",
                "a]",
                "a]:80",
                "a[::1]",
                "caf\u00e9",
                "%41",
                "a\\b",
                "<b>",
                "a'b",
                "a\"b",
                "{{url}}"
            })
    void anything_else_names_no_host(String host) {
        assertThat(Authority.isValid(host)).isFalse();
    }
}
