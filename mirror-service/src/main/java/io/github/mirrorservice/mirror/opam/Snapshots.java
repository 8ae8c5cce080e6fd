package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.Blob;
import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.git.BlobReader;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.TreeChange;
import io.github.mirrorservice.mirror.opam.ArchiveNamesBuilder.Named;
import io.github.mirrorservice.mirror.opam.OpamTree.Segment;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The step from one snapshot to the next. The index is a function of the commit alone: the same bytes, whether it is made
 * from nothing or from the tree before. All work is done in small elements on the cooperating lane.
 */
public final class Snapshots {

    private final String repository;
    private final BlobReader blobs;
    private final SegmentBuilder segments;
    private final Cooperation cooperation;
    private final Supplier<PublishGuard> guard;
    private final Optional<String> cache;
    private final Clock clock;

    /**
     * Does no work yet.
     *
     * @param repository the remote, as everybody may see it
     * @param blobs where contents are read
     * @param cooperation the lane of the work
     * @param guard what must not be published, at a time
     * @param cache where clients find archives, as the {@code repo} file says it; empty if they are not served
     * @param clock tells the time of publication
     */
    public Snapshots(
            String repository,
            BlobReader blobs,
            Cooperation cooperation,
            Supplier<PublishGuard> guard,
            Optional<String> cache,
            Clock clock) {
        this.repository = repository;
        this.blobs = blobs;
        this.segments = new SegmentBuilder(blobs, cooperation);
        this.cooperation = cooperation;
        this.guard = guard;
        this.cache = cache;
        this.clock = clock;
    }

    /**
     * A tree and what is served of it.
     *
     * @param tree what the next step starts from
     * @param snapshot what clients see
     */
    public record Advance(OpamTree tree, Snapshot snapshot) {}

    /** Whether a snapshot is what the step to this commit would make. */
    public boolean isCurrent(Snapshot snapshot, Commit commit) {
        return snapshot.commit().id().equals(commit.id()) && snapshot.cache().equals(cache);
    }

    /** Emits what the changes do to the basis, once they have ended. Fails as they do. */
    public Mono<TreeEdit> edit(OpamTree basis, Flux<TreeChange> changes) {
        return changes.transform(cooperation::publishOn)
                .reduceWith(() -> new TreeEdit(basis), TreeEdit::add)
                .checkpoint("changes of the tree");
    }

    /**
     * Emits the tree after the edit and its snapshot. Only what changed is read, parsed, counted and deflated.
     * Fails with {@link OpamException.Held} if the guard refuses the tree beside the snapshot that is served now,
     * and with {@link io.github.mirrorservice.mirror.git.GitException} if a blob cannot be read.
     */
    public Mono<Advance> next(TreeEdit edit, Commit commit, Optional<Snapshot> served) {
        return plan(edit)
                .doOnNext(plan -> guard.get().check(edit, plan.census().counts(), served))
                .flatMap(plan -> rootFiles(edit, commit).map(root -> new Draft(edit, commit, plan, root)))
                .flatMap(this::build)
                .checkpoint("next snapshot");
    }

    private Mono<IndexPlan> plan(TreeEdit edit) {
        return Flux.fromIterable(() -> new MergedEntries(edit))
                .transform(cooperation::publishOn)
                .reduceWith(() -> new IndexPlan(edit.basis()), IndexPlan::add)
                .map(IndexPlan::finish);
    }

    private Mono<RootFiles> rootFiles(TreeEdit edit, Commit commit) {
        return Mono.zip(content(edit.repo()), content(edit.version()))
                .map(files -> RootFiles.of(files.getT1(), files.getT2(), commit.id(), cache));
    }

    private Mono<Optional<byte[]>> content(Optional<BlobId> id) {
        return blobs.read(Flux.fromIterable(id.stream().toList()))
                .map(Blob::bytes)
                .singleOrEmpty()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    private Mono<Advance> build(Draft draft) {
        return segments.build(draft.plan())
                .map(draft.plan()::deflated)
                .flatMap(packages -> index(packages, draft.root()).map(index -> advance(draft, packages, index)));
    }

    private Mono<Body> index(List<Deflated> packages, RootFiles root) {
        return Flux.concat(Flux.fromIterable(packages), Mono.fromSupplier(root::deflate))
                .transform(cooperation::publishOn)
                .reduceWith(IndexFile::new, IndexFile::add)
                .map(file -> new BodyBuilder(file.content()))
                .flatMap(builder -> Flux.fromStream(builder::pieces)
                        .transform(cooperation::publishOn)
                        .reduce(builder, BodyBuilder::add))
                .map(BodyBuilder::build);
    }

    private Advance advance(Draft draft, List<Deflated> packages, Body index) {
        TreeEdit edit = draft.edit();
        Census census = draft.plan().census();
        List<Segment> segments = draft.plan().segments(packages, index);
        OpamTree tree = new OpamTree(
                Optional.of(draft.commit().id()),
                edit.repo(),
                edit.version(),
                draft.plan().entries(),
                census,
                segments);
        Body repo = Body.of(draft.root().repo());
        return new Advance(
                tree,
                new Snapshot(
                        repository,
                        draft.commit(),
                        clock.instant(),
                        census.counts(),
                        cache,
                        repo,
                        index,
                        named(tree.entries())));
    }

    private Mono<ArchiveNames> named(List<Entry> entries) {
        Flux<Named> files = Flux.fromIterable(entries)
                .filter(entry -> entry.packageName().isPresent())
                .map(entry -> new Named(entry.path(), entry.opamFile()));
        return ArchiveNamesBuilder.gather(files, cooperation).cache();
    }

    /** What the next tree is made from. */
    private record Draft(TreeEdit edit, Commit commit, IndexPlan plan, RootFiles root) {}
}
