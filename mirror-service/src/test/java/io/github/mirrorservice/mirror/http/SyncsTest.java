package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

final class SyncsTest {

    @Test
    void nobody_waits_for_ever() {
        StepVerifier.withVirtualTime(() -> new Syncs(Listener.operations(Mono.never())).answer("/sync?wait=true"))
                .expectSubscription()
                .expectNoEvent(Duration.ofMinutes(14))
                .thenAwait(Duration.ofMinutes(1))
                .assertNext(answer -> assertThat(answer.status().code()).isEqualTo(202))
                .expectComplete()
                .verify(Wire.DEADLINE);
    }
}
