package io.github.mirrorservice.mirror.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.schedule.StorySort.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Two branches of a sort that are to run at the same time on one thread: what plain operators do, and what ours does. */
final class StorySortTest {

    private static final int[] VALUES = StorySort.shuffled(8_192);
    private static final int STEPS_OF_A_BRANCH = 15;

    private final ManualLane thread = new ManualLane();
    private final List<String> order = new ArrayList<>();

    @Test
    void with_subscribeOn_one_branch_runs_to_its_end_before_the_other_starts() {
        sort(steps -> steps.subscribeOn(thread));

        assertThat(order).isEqualTo(leftThenRight());
    }

    @Test
    void with_publishOn_one_branch_runs_to_its_end_before_the_other_starts() {
        sort(steps -> steps.publishOn(thread));

        assertThat(order).isEqualTo(leftThenRight());
    }

    @Test
    void with_the_cooperation_operator_the_branches_interleave() {
        Cooperation cooperation = Cooperation.on(thread, Duration.ofNanos(250), thread::now);
        sort(cooperation::publishOn);

        assertThat(order.subList(0, 9))
                .containsExactly("left", "left", "left", "right", "right", "right", "left", "left", "left");
        assertThat(order).hasSize(2 * STEPS_OF_A_BRANCH);
    }

    /** Sorts on the one thread; every step takes 100 ns of its time. */
    private void sort(UnaryOperator<Flux<Step>> lane) {
        List<int[]> sorted = new ArrayList<>();
        StorySort.sort(VALUES, lane, branch -> {
                    order.add(branch);
                    thread.spend(100);
                })
                .subscribe(sorted::add);
        thread.turnsUntilIdle();

        assertThat(sorted).singleElement().isEqualTo(StorySort.sort(VALUES));
        assertThat(sorted.get(0)).isSorted().hasSameSizeAs(VALUES);
    }

    private static List<String> leftThenRight() {
        List<String> expected = new ArrayList<>(Collections.nCopies(STEPS_OF_A_BRANCH, "left"));
        expected.addAll(Collections.nCopies(STEPS_OF_A_BRANCH, "right"));
        return expected;
    }
}
