package io.github.mirrorservice.mirror.opam.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"depends", "x-maintenance-intent", "depend", "url", "urls", "é", "", "opam-version"})
    void a_name_is_read_as_it_stands(String name) {
        byte[] file = (">>" + name + "<<").getBytes(UTF_8);

        assertThat(FieldNames.of(file, 2, file.length - 2)).isEqualTo(name);
    }

    @Test
    void a_frequent_name_is_made_once() {
        byte[] file = "depends depends".getBytes(UTF_8);

        assertThat(FieldNames.of(file, 0, 7)).isSameAs(FieldNames.of(file, 8, 15));
    }
}
