package io.github.mirrorservice.mirror.prove;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One way to run the mirror.
 *
 * @param store where Git objects live: {@code memory} or {@code file}
 * @param schedulers whether ingest computes on the event loops: {@code shared} or {@code separate}
 * @param sliced whether ingest gives its thread back after a slice
 * @param loops how many event loops there are
 */
record Cell(String store, String schedulers, boolean sliced, int loops) {

    /** Every way there is: with one event loop first, then with as many as there are CPUs. */
    static List<Cell> all(int cpus) {
        return IntStream.of(1, cpus)
                .distinct()
                .boxed()
                .flatMap(loops -> Stream.of("shared", "separate")
                        .flatMap(schedulers -> Stream.of("memory", "file").flatMap(store -> Stream.of(true, false)
                                .map(sliced -> new Cell(store, schedulers, sliced, loops)))))
                .toList();
    }

    /** What the mirror is told. */
    List<String> flags() {
        return List.of(
                "--git-store",
                store,
                "--schedulers",
                schedulers,
                "--slice",
                sliced ? "250us" : "off",
                "--event-loops",
                Integer.toString(loops));
    }

    /** The same, without cooperation or with it. */
    Cell withSlice(boolean on) {
        return new Cell(store, schedulers, on, loops);
    }

    boolean isShared() {
        return schedulers.equals("shared");
    }

    String name() {
        return "%s, %s, slice %s, %d %s"
                .formatted(store, schedulers, sliced ? "on" : "off", loops, loops == 1 ? "thread" : "threads");
    }
}
