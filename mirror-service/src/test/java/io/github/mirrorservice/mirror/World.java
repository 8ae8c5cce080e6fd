package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Delivery;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.archive.Stores;
import io.github.mirrorservice.mirror.faults.FaultyDisk;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/**
 * A mirror, its remote, the origins of archives, its disk and its time, all simulated in one thread: whatever happens, happens
 * in an order that the seed alone decides. After each step it is checked that nothing was lost, and nothing wrong served.
 */
final class World implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(5);
    private static final int MOST_TICKS = 200_000;
    private static final List<Integer> LENGTHS = List.of(1, 700, 9_000, 60_000, 400_000);

    /** Random begins alike for seeds that are near each other. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final Random random;
    private final FaultyDisk disk;
    private final SimulatedGit git = new SimulatedGit();
    private final SimulatedOrigin origin;
    private final Offline offline;
    private final TreeMap<String, byte[]> packages = new TreeMap<>();
    private final Set<Digest> acknowledged = new HashSet<>();
    private final Set<Digest> rotten = new HashSet<>();
    private final Set<Digest> onceRotten = new HashSet<>();
    private Instant now = Instant.ofEpochSecond(1_700_000_000);
    private int served = -1;

    /** Whether a disk that failed may have kept the mirror from forcing what it serves since it was started. */
    private boolean doubtful;

    private int names;
    private Optional<SimulatedMirror> mirror = Optional.empty();

    World(Path directory, long seed) throws IOException {
        this.random = new Random(seed * SPREAD);
        this.disk = new FaultyDisk(Files.createDirectories(directory));
        this.origin = new SimulatedOrigin(random);
        this.offline = new Offline(directory);
        git.put("repo", "opam-version: \"2.0\"\n");
        merge(2);
    }

    FaultyDisk disk() {
        return disk;
    }

    SimulatedOrigin origin() {
        return origin;
    }

    SimulatedGit git() {
        return git;
    }

    Random random() {
        return random;
    }

    /** Adds so many packages to the remote, of which each names an archive. */
    void merge(int count) {
        for (int i = 0; i < count; i++) {
            String name = "p" + names++;
            byte[] bytes = Bytes.random(names, LENGTHS.get(random.nextInt(LENGTHS.size())));
            Digests digests = Bytes.digests(bytes);
            Digest named = digests.all().get(random.nextInt(3));
            String url = "https://origin.example/" + name;
            packages.put(name, bytes);
            origin.put(url, bytes);
            git.put(
                    Upstream.opamPath(name + ".1"),
                    "opam-version: \"2.0\"\nurl {\n  src: \"%s\"\n  checksum: \"%s\"\n}\n".formatted(url, named));
        }
        git.commit();
    }

    /** Takes a package away. */
    void unmerge() {
        if (packages.size() > 1) {
            String name = List.copyOf(packages.keySet()).get(random.nextInt(packages.size()));
            packages.remove(name);
            git.remove(Upstream.opamPath(name + ".1"));
            git.commit();
        }
    }

    /** Starts a mirror where none runs. What a broken disk does to it, it may do: then none runs. */
    void start() throws IOException {
        if (mirror.isEmpty()) {
            long strikes = disk.strikes();
            SimulatedMirror next = new SimulatedMirror(disk.path(), git, origin, now, acknowledged::add);
            mirror = Optional.of(next);
            try {
                next.open();
            } catch (StartException refused) {
                stop();
                return;
            }
            if (await(next.start()).isEmpty()) {
                stop();
                return;
            }
            doubtful = disk.strikes() > strikes;
            assertThat(Leftovers.before(Instant.MAX, disk.real()))
                    .as("what is left over after a start")
                    .isEmpty();
        }
    }

    /** The process is no more. */
    void stop() throws IOException {
        mirror.ifPresent(running -> now = running.now());
        mirror.ifPresent(SimulatedMirror::abandon);
        mirror = Optional.empty();
        disk.restart();
    }

    void cutPower() throws IOException {
        stop();
        disk.cutPower(random.nextLong());
        if (doubtful) {
            served = -1;
        }
        // That it went into quarantine may be lost: then it is found again.
        rotten.addAll(onceRotten);
    }

    /** The outcome of an ingest, if a mirror runs and lives that long. */
    Optional<Outcome> ingest() throws IOException {
        return mirror.isPresent() ? await(mirror.get().ingest()) : Optional.empty();
    }

    /** Lets time pass. */
    void pass(Duration time) throws IOException {
        if (mirror.isPresent()) {
            mirror.get().pass(time);
        } else {
            now = now.plus(time);
        }
        noticeDeath();
    }

    /** A client asks for an archive that the remote names, by any of its digests. */
    void ask() throws IOException {
        byte[] bytes = List.copyOf(packages.values()).get(random.nextInt(packages.size()));
        Digest digest = Bytes.digests(bytes).all().get(random.nextInt(3));
        if (mirror.isPresent()) {
            Optional<Delivery> delivery = await(mirror.get().cache().get(digest, () -> true));
            Optional<Archive> archive = delivery.isPresent() ? await(whole(delivery.get())) : Optional.empty();
            if (archive.isPresent()) {
                assertThat(Stores.bytes(archive.get().content()))
                        .as("what a client got")
                        .isEqualTo(bytes);
            }
        }
    }

    private static Mono<Archive> whole(Delivery delivery) {
        return delivery instanceof Delivery.Held held
                ? Mono.just(held.archive())
                : ((Delivery.OnTheWay) delivery).whole().onErrorComplete();
    }

    /** Flips a bit of an archive that is held; the mirror is started anew, for what it has read once it trusts. */
    void rot() throws IOException {
        List<Digest> held = acknowledged.stream()
                .filter(digest -> !rotten.contains(digest) && Files.exists(file(digest)))
                .sorted()
                .toList();
        if (!held.isEmpty()) {
            stop();
            Digest digest = held.get(random.nextInt(held.size()));
            byte[] bytes = Files.readAllBytes(file(digest));
            bytes[random.nextInt(bytes.length)] ^= 1;
            Files.write(file(digest), bytes);
            disk.reload();
            acknowledged.remove(digest);
            rotten.add(digest);
            onceRotten.add(digest);
            start();
        }
    }

    private Path file(Digest digest) {
        return disk.real().resolve("cache").resolve(digest.path());
    }

    private <T> Optional<T> await(Mono<T> work) throws IOException {
        Optional<T> result = mirror.orElseThrow().await(work, TICK, MOST_TICKS, disk::isKilled);
        noticeDeath();
        return result;
    }

    private void noticeDeath() throws IOException {
        if (disk.isKilled()) {
            stop();
        }
    }

    /** That everything is as it has to be at any moment. */
    void check() throws IOException {
        StoredState stored = StoredState.read(disk.real(), offline);
        rotten.removeIf(
                digest -> !Files.exists(file(digest)) || stored.archives().containsKey(digest));
        assertThat(stored.broken())
                .filteredOn(broken ->
                        rotten.stream().noneMatch(digest -> broken.how().contains(digest.hex())))
                .isEmpty();
        int saved = stored.snapshot().map(Snapshot::revision).map(git::number).orElse(-1);
        mirror.flatMap(SimulatedMirror::served).map(git::number).ifPresent(number -> {
            assertThat(number).as("what is served never goes back").isGreaterThanOrEqualTo(served);
            served = number;
        });
        assertThat(saved).as("what was served is on the disk").isGreaterThanOrEqualTo(served);
        for (Digest digest : acknowledged) {
            assertThat(stored.archives()).as("what was acknowledged").containsKey(digest);
        }
    }

    /** That all comes to a good end by itself once nothing breaks any more. */
    void recovers() throws IOException {
        disk.mend();
        origin.bad(0);
        git.reachable(true);
        start();
        ingest();
        pass(Duration.ofHours(13));
        check();
        assertThat(mirror.flatMap(SimulatedMirror::served)).contains(git.tip());
        StoredState stored = StoredState.read(disk.real(), offline);
        for (byte[] bytes : packages.values()) {
            assertThat(stored.archives()).containsKey(Bytes.digests(bytes).sha256());
        }
    }

    /** One line of where everything stands. */
    String state() {
        return "%d calls, served %s, %d archives, %s"
                .formatted(
                        disk.calls(),
                        mirror.flatMap(SimulatedMirror::served),
                        acknowledged.size(),
                        mirror.map(SimulatedMirror::now).orElse(now));
    }

    @Override
    public void close() throws IOException {
        stop();
        offline.close();
    }
}
