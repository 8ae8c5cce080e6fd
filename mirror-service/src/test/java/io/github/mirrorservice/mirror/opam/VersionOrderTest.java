package io.github.mirrorservice.mirror.opam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of versions, by the examples of opam's manual and of its packages. */
final class VersionOrderTest {

    /** The manual's own example, and more of its kind. */
    private static final List<String> OLDEST_FIRST = List.of(
            "~~",
            "~",
            "~beta2",
            "~beta10",
            "0.1",
            "1.0~beta",
            "1.0",
            "1.0-test",
            "1.0.10",
            "dev",
            "v0.16.0",
            "v0.17~preview",
            "v0.17",
            "v0.17.1");

    @Test
    void versions_are_sorted_as_in_the_manual() {
        List<String> shuffled = new ArrayList<>(OLDEST_FIRST);
        Collections.shuffle(shuffled, new Random(7));
        assertThat(shuffled).doesNotContainSequence(OLDEST_FIRST);
        shuffled.sort(VersionOrder.OLDEST_FIRST);
        assertThat(shuffled).isEqualTo(OLDEST_FIRST);
    }

    @ParameterizedTest
    @CsvSource({
        "1.9, 1.10",
        "1.2, 1.2.0",
        "1.0a, 1.0+",
        "5.2.0~rc1, 5.2.0",
        "4.14.2, 5.0.0",
        "1.1, 1.a",
        "99999999999999999999, 100000000000000000000"
    })
    void the_first_is_older(String older, String newer) {
        assertThat(VersionOrder.OLDEST_FIRST.compare(older, newer)).isNegative();
        assertThat(VersionOrder.OLDEST_FIRST.compare(newer, older)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"1.0, 1.0", "1.01, 1.1", "1.0.0007, 1.0.7"})
    void these_are_equal(String one, String other) {
        assertThat(VersionOrder.OLDEST_FIRST.compare(one, other)).isZero();
    }
}
