package io.github.mirrorservice.mirror.schedule;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The sort of the story: a merge sort whose two branches were to run at the same time on one cooperative thread. It
 * goes by steps, each of which sorts a short run or merges two, so a branch has places to give way, if only something
 * makes it do so.
 */
final class StorySort {

    private static final int RUN = 512;

    private StorySort() {}

    /** One step of a branch: brings the values from {@code from} to {@code to} in order, where both halves are already. */
    record Step(int from, int middle, int to) {

        void make(int[] values) {
            if (middle == from) {
                Arrays.sort(values, from, to);
            } else {
                int[] merged = merge(Arrays.copyOfRange(values, from, middle), Arrays.copyOfRange(values, middle, to));
                System.arraycopy(merged, 0, values, from, merged.length);
            }
        }
    }

    static int[] shuffled(int size) {
        return new Random(size).ints(size).toArray();
    }

    /** The plain function, which nobody can interrupt. */
    static int[] sort(int[] values) {
        return merge(branch(left(values)), branch(right(values)));
    }

    /**
     * The same as a pipeline: emits the sorted values when both branches, subscribed at once, are through.
     *
     * @param lane what brings the steps of a branch to a lane
     * @param made told the name of the branch after each step
     */
    static Mono<int[]> sort(int[] values, UnaryOperator<Flux<Step>> lane, Consumer<String> made) {
        return Mono.zip(
                branch(left(values), lane, () -> made.accept("left")),
                branch(right(values), lane, () -> made.accept("right")),
                StorySort::merge);
    }

    private static int[] branch(int[] values) {
        steps(values.length).forEach(step -> step.make(values));
        return values;
    }

    private static Mono<int[]> branch(int[] values, UnaryOperator<Flux<Step>> lane, Runnable made) {
        return Flux.fromStream(() -> steps(values.length))
                .transform(lane)
                .doOnNext(step -> step.make(values))
                .doOnNext(step -> made.run())
                .then(Mono.just(values));
    }

    private static Stream<Step> steps(int length) {
        Stream<Step> runs = starts(length, RUN).mapToObj(from -> new Step(from, from, Math.min(from + RUN, length)));
        Stream<Step> merges = IntStream.iterate(RUN, width -> width < length, width -> width * 2)
                .boxed()
                .flatMap(width -> starts(length, 2 * width)
                        .filter(from -> from + width < length)
                        .mapToObj(from -> new Step(from, from + width, Math.min(from + 2 * width, length))));
        return Stream.concat(runs, merges);
    }

    private static IntStream starts(int length, int width) {
        return IntStream.iterate(0, from -> from < length, from -> from + width);
    }

    private static int[] left(int[] values) {
        return Arrays.copyOfRange(values, 0, values.length / 2);
    }

    private static int[] right(int[] values) {
        return Arrays.copyOfRange(values, values.length / 2, values.length);
    }

    private static int[] merge(int[] left, int[] right) {
        int[] merged = new int[left.length + right.length];
        for (int l = 0, r = 0, to = 0; to < merged.length; to++) {
            boolean fromLeft = r == right.length || (l < left.length && left[l] <= right[r]);
            merged[to] = fromLeft ? left[l++] : right[r++];
        }
        return merged;
    }
}
