package io.github.mirrorservice.mirror.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoSizeTest {

    @Test
    void demo_alone_is_two_thousand_packages() {
        assertThat(DemoSize.parse("demo:")).contains(new DemoSize(2_000));
    }

    @Test
    void a_number_is_the_number_of_packages() {
        assertThat(DemoSize.parse("demo:20")).contains(new DemoSize(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://forge.example/demo:20", "demo", "/srv/demo.git", "demos:", "git@demo:repository"})
    void other_remotes_are_no_demo(String remote) {
        assertThat(DemoSize.parse(remote)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo:0", "demo:5001", "demo:-1", "demo:many", "demo: 20", "demo:99999999999999999999"})
    void a_size_that_no_demo_has_is_refused_with_the_remedy(String remote) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoSize.parse(remote))
                .withMessageContaining("Remedy: write demo: and a number from 1 to 5000");
    }
}
