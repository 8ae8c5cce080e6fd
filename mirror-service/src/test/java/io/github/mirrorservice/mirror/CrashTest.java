package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.faults.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One story, a first ingest, archives that are mirrored, a merge and a restart, told again and again: each time something else
 * breaks, at every call that changes the disk.
 */
final class CrashTest {

    private static final long SEED = 7;
    private static final int CUTS_PER_CALL = Integer.getInteger("crash.cuts", 2);

    @TempDir
    private Path directory;

    private int worlds;

    private World world() throws IOException {
        return new World(directory.resolve("world-" + worlds++), SEED);
    }

    private static void story(World world) throws IOException {
        world.start();
        world.ingest();
        world.check();
        world.pass(Duration.ofMinutes(1));
        world.check();
        world.merge(2);
        world.unmerge();
        world.ingest();
        world.check();
        world.pass(Duration.ofMinutes(1));
        world.check();
    }

    private long calls() throws IOException {
        try (World world = world()) {
            story(world);
            world.recovers();
            assertThat(world.disk().calls()).isGreaterThan(40);
            return world.disk().calls();
        }
    }

    @Test
    void a_kill_at_any_call_loses_nothing() throws IOException {
        long calls = calls();
        for (long call = 0; call < calls; call++) {
            try (World world = world()) {
                world.disk().killAt(call);
                story(world);
                world.stop();
                world.check();
                world.recovers();
            } catch (AssertionError broken) {
                throw new AssertionError("killed at call " + call, broken);
            }
        }
    }

    @Test
    void a_power_cut_at_any_call_loses_nothing() throws IOException {
        long calls = calls();
        for (long call = 0; call < calls; call++) {
            for (int cut = 0; cut < CUTS_PER_CALL; cut++) {
                try (World world = world()) {
                    world.disk().killAt(call);
                    story(world);
                    world.stop();
                    world.disk().cutPower(call * CUTS_PER_CALL + cut);
                    world.check();
                    world.recovers();
                } catch (AssertionError broken) {
                    throw new AssertionError("power cut at call " + call + ", variant " + cut, broken);
                }
            }
        }
    }

    @Test
    void an_error_at_any_call_is_survived() throws IOException {
        long calls = calls();
        for (long call = 0; call < calls; call++) {
            breaks(Fault.once(call), "an error at call " + call);
        }
    }

    @Test
    void a_disk_that_is_full_from_any_call_on_is_survived() throws IOException {
        long calls = calls();
        for (long call = 0; call < calls; call++) {
            breaks(Fault.full(call, call + 10), "full from call " + call);
            breaks(Fault.full(call, Long.MAX_VALUE), "full for good from call " + call);
        }
    }

    private void breaks(Fault fault, String what) throws IOException {
        try (World world = world()) {
            world.disk().breaks(fault);
            story(world);
            world.disk().breaks(Fault.NONE);
            world.recovers();
        } catch (AssertionError broken) {
            throw new AssertionError(what, broken);
        }
    }
}
