package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JsonTest {

    @Test
    void an_object_may_be_empty() {
        assertThat(new Json().end()).isEqualTo("{}");
    }

    @Test
    void fields_keep_their_order_and_numbers_stay_bare() {
        assertThat(new Json().put("a", "b").put("n", -5L).end()).isEqualTo("{\"a\":\"b\",\"n\":-5}");
    }

    @Test
    void what_json_reserves_and_what_is_not_ascii_is_escaped() {
        assertThat(new Json()
                        .put("q\"", "\\ / \n \u0000 \u007f \u00e9 \u2028 \ud83d\ude00")
                        .end())
                .isEqualTo("{\"q\\\"\":\"\\\\ / \\u000a \\u0000 \\u007f \\u00e9 \\u2028 \\ud83d\\ude00\"}");
    }
}
