package io.github.mirrorservice.mirror.prove;

import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.GitAuthor;
import io.github.mirrorservice.mirror.git.GitRemote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Measures what clients feel of ingests on this machine: one cell after the other, each with a mirror of its own. */
public final class Proof {

    private static final int CONNECTIONS = 64;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration WARM_UP = Duration.ofMillis(300);

    private final ProofPlan plan;
    private final List<Cell> cells;
    private final Programs programs;
    private final Path place;
    private final Scheduler blocking;
    private final Consumer<String> progress;

    /**
     * Does no work yet.
     *
     * @param place an empty directory for everything that is made on the way
     * @param blocking a scheduler of several threads that may be blocked
     * @param progress told what is done, a line at a time
     */
    public Proof(ProofPlan plan, Programs programs, Path place, Scheduler blocking, Consumer<String> progress) {
        this(plan, Cell.all(Runtime.getRuntime().availableProcessors()), programs, place, blocking, progress);
    }

    Proof(
            ProofPlan plan,
            List<Cell> cells,
            Programs programs,
            Path place,
            Scheduler blocking,
            Consumer<String> progress) {
        this.plan = plan;
        this.cells = cells;
        this.programs = programs;
        this.place = place;
        this.blocking = blocking;
        this.progress = progress;
    }

    /** Emits the report once every cell was measured. Fails with {@link ProofException} or as the source's mirror does. */
    public Mono<Report> of(GitRemote source) {
        return Mono.using(
                        () -> GitAuthor.at(place.resolve("repository.git")),
                        author -> of(source, author),
                        GitAuthor::close)
                .subscribeOn(blocking)
                .checkpoint("proof of availability");
    }

    private Mono<Report> of(GitRemote source, GitAuthor author) {
        progress.accept("making the commits of the proof from " + source.display());
        return Material.of(source, author, plan, blocking)
                .flatMapMany(material -> Flux.using(
                        () -> UpstreamProcess.start(programs.upstream(), place.resolve("repository.git")),
                        upstream -> traces(material, author, upstream.remote()),
                        UpstreamProcess::close))
                .collectList()
                .map(Report::new);
    }

    private Flux<Trace> traces(Material material, GitAuthor author, GitRemote remote) {
        // The first cell is run once more before it counts: the measurement has to warm up as well.
        return Flux.fromIterable(cells)
                .startWith(cells.get(0))
                .index()
                .concatMap(cell -> Mono.using(
                                () -> new Measuring(place.resolve("cell-" + cell.getT1())),
                                measuring -> measuring.trace(cell.getT2(), material, author, remote),
                                Measuring::close)
                        .subscribeOn(blocking))
                .skip(1);
    }

    /** What one cell needs: a place, and clients of its own. */
    private final class Measuring implements AutoCloseable {

        private final Path data;
        private final LoopResources loops = LoopResources.create("proof-load", 1, true);
        private final ConnectionProvider connections = ConnectionProvider.builder("proof-load")
                .maxConnections(CONNECTIONS)
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(LONGEST_WAIT)
                .build();
        private final HttpClient client = HttpClient.create(connections).runOn(loops);

        Measuring(Path data) throws IOException {
            this.data = Files.createDirectory(data);
        }

        Mono<Trace> trace(Cell cell, Material material, GitAuthor author, GitRemote remote) {
            progress.accept("measuring: " + cell.name());
            author.reset(material.base());
            return Mono.using(
                    () -> MirrorProcess.start(programs.mirror(), cell, remote.address(), data, client),
                    mirror -> mirror.ready()
                            .then(trace(cell, mirror, new Script(mirror, author::reset, blocking), material))
                            // Its end is waited for, which no event loop may do.
                            .publishOn(blocking),
                    MirrorProcess::close);
        }

        private Mono<Trace> trace(Cell cell, MirrorProcess mirror, Script script, Material material) {
            List<CommitId> wholes = material.wholes();
            Load load = new Load(mirror.clients(), plan.period(), blocking);
            Flux<Window> measured = script.ingests(wholes.subList(1, wholes.size()), plan.idle())
                    .concatWith(script.ingests(material.merges(), plan.mergePause()));
            return under(load, cell, 0, script.ingests(wholes.subList(0, 1), WARM_UP))
                    .flatMap(warmUp -> under(load, cell, warmUp.failed(), measured));
        }

        /** Emits what happened between the first and the last of the windows. */
        private Mono<Trace> under(Load load, Cell cell, long failedBefore, Flux<Window> windows) {
            Mono<List<Window>> script = windows.collectList().cache();
            return load.samples(script)
                    .collectList()
                    .zipWith(script, (samples, done) -> new Trace(cell, failedBefore, samples, done));
        }

        @Override
        public void close() {
            connections.dispose();
            loops.dispose();
        }
    }
}
