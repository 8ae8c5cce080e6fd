package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Two to a host, three in all, and four that wait. */
final class TurnsTest {

    private final Turns turns = new Turns(Asking.SHORT);

    /** A request for its turn. */
    private record Request(Turns.Turn turn, Mono<Void> come) {

        boolean hasCome() {
            return Boolean.TRUE.equals(come.toFuture().isDone());
        }
    }

    private Request ask(String host) {
        Turns.Turn turn = turns.to(host);
        Mono<Void> come = turn.enter().cache();
        come.onErrorComplete().subscribe();
        return new Request(turn, come);
    }

    private List<Request> ask(String host, int count) {
        return IntStream.range(0, count).mapToObj(i -> ask(host)).toList();
    }

    @Test
    void so_many_wait_as_may_and_one_more_is_refused() {
        List<Request> asked = ask("a", 6);
        assertThat(asked.stream().filter(Request::hasCome)).hasSize(2);
        StepVerifier.create(ask("a").come())
                .expectError(ArchiveException.Source.class)
                .verify(Asking.DEADLINE);
        assertThat(ask("b").hasCome()).isTrue();
    }

    @Test
    void whoever_gives_up_waiting_makes_room_and_does_not_get_the_turn() {
        List<Request> asked = ask("a", 6);
        asked.get(2).turn().end();
        Request late = ask("a");
        asked.get(0).turn().end();
        assertThat(asked.get(3).hasCome()).isTrue();
        assertThat(late.hasCome()).isFalse();
        asked.forEach(request -> request.turn().end());
        assertThat(late.hasCome()).isTrue();
    }
}
