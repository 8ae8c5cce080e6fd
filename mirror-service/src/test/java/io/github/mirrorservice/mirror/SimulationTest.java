package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.faults.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Hooks;

/**
 * Lives of mirrors, each told by its seed: merges, ingests, clients and the passing of time, between kills, power cuts, disks
 * that fail or fill up, rot, origins that lie and remotes that are away. After every step all must be as it has to be, and at
 * the end it must come to rest well by itself.
 */
final class SimulationTest {

    private static final int FIRST = Integer.getInteger("simulation.first", 1);
    private static final int LIVES = Integer.getInteger("simulation.lives", 150);
    private static final int STEPS = 60;

    @TempDir
    private Path directory;

    private int worlds;

    /** An error that reached nobody: in a mirror it would be noise in the log. */
    private Optional<Throwable> dropped = Optional.empty();

    @BeforeEach
    void watchErrors() {
        Hooks.onErrorDropped(error -> dropped = Optional.of(error));
    }

    @AfterEach
    void leaveErrors() {
        Hooks.resetOnErrorDropped();
    }

    private void checkErrors() {
        dropped.ifPresent(error -> {
            throw new AssertionError("an error reached nobody", error);
        });
    }

    /** Something that happens, more or less often. */
    private enum Step {
        START(12, World::start),
        MERGE(10, world -> world.merge(1 + world.random().nextInt(3))),
        UNMERGE(4, World::unmerge),
        INGEST(16, World::ingest),
        ASK(14, World::ask),
        A_SECOND(8, world -> world.pass(Duration.ofSeconds(1))),
        MINUTES(12, world -> world.pass(Duration.ofMinutes(1 + world.random().nextInt(10)))),
        HOURS(2, world -> world.pass(Duration.ofHours(2))),
        STOP(2, World::stop),
        KILL_SOON(6, world -> world.disk()
                .killAt(world.disk().calls() + world.random().nextInt(40))),
        POWER_CUT(4, World::cutPower),
        DISK_ERROR(5, world -> world.disk()
                .breaks(Fault.once(world.disk().calls() + world.random().nextInt(20)))),
        DISK_FULL(3, world -> {
            long from = world.disk().calls() + world.random().nextInt(20);
            world.disk().breaks(Fault.full(from, from + world.random().nextInt(60)));
        }),
        DISK_SETTLES(3, world -> world.disk().settle()),
        ROT(4, World::rot),
        ORIGINS_LIE(4, world -> world.origin().bad(30 + world.random().nextInt(71))),
        ORIGINS_ARE_WELL(4, world -> world.origin().bad(0)),
        REMOTE_GOES(2, world -> world.git().reachable(false)),
        REMOTE_IS_BACK(4, world -> world.git().reachable(true)),
        CLONE_IS_LOST(2, world -> world.git().forget());

        private static final int ALL =
                List.of(values()).stream().mapToInt(step -> step.weight).sum();

        private final int weight;

        @SuppressWarnings("ImmutableEnumChecker") // it keeps nothing
        private final Happening happening;

        Step(int weight, Happening happening) {
            this.weight = weight;
            this.happening = happening;
        }

        static Step any(Random random) {
            int left = random.nextInt(ALL);
            for (Step step : values()) {
                left -= step.weight;
                if (left < 0) {
                    return step;
                }
            }
            throw new AssertionError("there is always one");
        }
    }

    /** What a step does. */
    @FunctionalInterface
    private interface Happening {
        void to(World world) throws IOException;
    }

    private List<String> live(int seed) throws IOException {
        List<String> diary = new ArrayList<>();
        try (World world = new World(directory.resolve("world-" + worlds++), seed)) {
            for (int i = 0; i < STEPS; i++) {
                Step step = Step.any(world.random());
                diary.add(step + ": ");
                step.happening.to(world);
                world.check();
                checkErrors();
                diary.add(world.state());
            }
            world.recovers();
            diary.add(world.state());
            return diary;
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    "life %d, to be had again by -Dsimulation.first=%d -Dsimulation.lives=1:%n%s"
                            .formatted(seed, seed, String.join("\n", diary)),
                    broken);
        }
    }

    @Test
    void nothing_is_lost_and_nothing_wrong_is_served_in_any_life() throws IOException {
        for (int seed = FIRST; seed < FIRST + LIVES; seed++) {
            assertThat(live(seed)).hasSize(2 * STEPS + 1);
        }
    }

    @Test
    void a_seed_tells_the_same_life_again() throws IOException {
        assertThat(live(3)).isEqualTo(live(3)).isNotEqualTo(live(4));
    }
}
