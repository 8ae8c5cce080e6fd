package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.dfs.DfsBlockCache;
import org.eclipse.jgit.internal.storage.dfs.DfsBlockCacheConfig;
import org.eclipse.jgit.internal.storage.dfs.DfsRefDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsRepository;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryBuilder;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.ReflogReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.RefList;

/**
 * A bare repository of packs, and of one commit whose history is not here.
 *
 * <p>It has no references, no loose objects, no locks and no configuration: nothing that a killed process could leave
 * half-done.
 */
final class PackRepository extends DfsRepository {

    /** JGit's cache of blocks, which is one for the process: enough for all that a first ingest of the public repository reads. */
    private static final long BLOCK_CACHE_BYTES = 16L << 20;

    static {
        DfsBlockCache.reconfigure(new DfsBlockCacheConfig().setBlockLimit(BLOCK_CACHE_BYTES));
    }

    private final Builder builder;
    private final Packs packs;
    private final Optional<FetchGuard> guard;

    private PackRepository(Builder builder, Optional<FetchGuard> guard) {
        super(builder);
        this.builder = builder;
        this.packs = new Packs(this, builder.files);
        this.guard = guard;
    }

    private PackRepository(PackRepository other, FetchGuard guard) {
        super(other.builder);
        this.builder = other.builder;
        this.packs = other.packs;
        this.guard = Optional.of(guard);
    }

    static PackRepository over(PackFiles files) {
        return new Builder(files).build();
    }

    /** The same repository, which takes in only what this guard lets through. */
    PackRepository guardedBy(FetchGuard fetch) {
        return new PackRepository(this, fetch);
    }

    /** The commit that was fetched last. */
    Optional<ObjectId> tip() throws IOException {
        return packs.tip();
    }

    void tip(ObjectId commit) throws IOException {
        packs.tip(commit);
    }

    Optional<Commit> tipCommit() throws IOException {
        Optional<ObjectId> tip = tip();
        return tip.isPresent() ? Optional.of(commit(tip.get())) : Optional.empty();
    }

    Commit commit(ObjectId id) throws IOException {
        RevCommit commit = parseCommit(id);
        return new Commit(
                new CommitId(commit.name()), commit.getCommitterIdent().getWhenAsInstant());
    }

    boolean holds(CommitId commit) throws IOException {
        return packs.has(ObjectId.fromString(commit.hex())) && packs.has(tree(commit));
    }

    /** The root of a commit's files. */
    ObjectId tree(CommitId commit) throws IOException {
        try {
            return parseCommit(ObjectId.fromString(commit.hex())).getTree().copy();
        } catch (MissingObjectException e) {
            throw new GitException.Corrupt(
                    "the commit " + commit + " is not in the store. Remedy: fetch, and compare from scratch.", e);
        }
    }

    /** Makes the files of an earlier process usable: whole as far as a look at their ends tells, or empty. */
    void recover() throws IOException {
        packs.sweep();
        if (!isWhole()) {
            clear();
        }
    }

    private boolean isWhole() {
        try {
            Optional<ObjectId> tip = tip();
            return packs.areWhole()
                    && (tip.isEmpty() || packs.has(parseCommit(tip.get()).getTree()));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** Whether so many packs have come together that a compaction pays; or so many times as many. */
    boolean isCrowded(int times) throws IOException {
        return packs.areCrowded(times);
    }

    /** Puts what belongs to the tip into one pack and forgets the rest. */
    void compact() throws IOException {
        packs.compact();
    }

    /** Forgets everything. */
    void clear() throws IOException {
        packs.clear();
    }

    @Override
    public ObjectInserter newObjectInserter() {
        return guard.<ObjectInserter>map(limits -> new GuardedInserter(packs, limits))
                .orElseGet(packs::newInserter);
    }

    @Override
    public Packs getObjectDatabase() {
        return packs;
    }

    @Override
    public DfsRefDatabase getRefDatabase() {
        return new NoRefs(this);
    }

    private static final class Builder extends DfsRepositoryBuilder<Builder, PackRepository> {

        private final PackFiles files;

        Builder(PackFiles files) {
            this.files = files;
            setFS(FS.DETECTED);
            setBare();
            // Without a name it is equal to itself alone: JGit's cache of blocks is shared by all repositories.
            setRepositoryDescription(new DfsRepositoryDescription());
        }

        @Override
        public PackRepository build() {
            return new PackRepository(this, Optional.empty());
        }
    }

    private static final class NoRefs extends DfsRefDatabase {

        NoRefs(DfsRepository repository) {
            super(repository);
        }

        @Override
        protected RefCache scanAllRefs() {
            return new RefCache(RefList.emptyList(), RefList.emptyList());
        }

        @Override
        protected boolean compareAndPut(Ref before, Ref after) {
            return false;
        }

        @Override
        protected boolean compareAndRemove(Ref before) {
            return false;
        }

        @Override
        public ReflogReader getReflogReader(Ref ref) {
            throw new UnsupportedOperationException("there are no references, so there is no log of them");
        }
    }
}
