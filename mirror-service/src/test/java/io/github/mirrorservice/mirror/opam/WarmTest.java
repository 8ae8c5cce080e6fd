package io.github.mirrorservice.mirror.opam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WarmTest {
    @Test
    void warm() {
        assertThat(getClass()).isFinal();
    }
}
