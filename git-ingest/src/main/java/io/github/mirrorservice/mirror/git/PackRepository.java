package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.DfsReader;
import org.eclipse.jgit.internal.storage.dfs.DfsReaderOptions;
import org.eclipse.jgit.internal.storage.dfs.DfsRefDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsRepository;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryBuilder;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.ReflogReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.RefList;

/**
 * A shallow bare repository over {@link PackFiles}: packs and one commit whose history is not here.
 *
 * <p>It has no references, no loose objects, no locks and no configuration file, so that there is nothing in it that a
 * killed process could leave behind half-done.
 */
final class PackRepository extends DfsRepository {

    private final Packs packs;

    private PackRepository(Builder builder, PackFiles files) {
        super(builder);
        this.packs = new Packs(this, files);
    }

    static PackRepository over(PackFiles files) {
        return new Builder(files).build();
    }

    Optional<ObjectId> tip() throws IOException {
        return packs.files.tip();
    }

    void tip(ObjectId commit) throws IOException {
        packs.files.tip(commit);
    }

    Optional<Commit> tipCommit() throws IOException {
        Optional<ObjectId> tip = tip();
        return tip.isPresent() ? Optional.of(commit(tip.get())) : Optional.empty();
    }

    Commit commit(ObjectId id) throws IOException {
        RevCommit commit = parseCommit(id);
        return new Commit(new CommitId(commit.name()), Instant.ofEpochSecond(commit.getCommitTime()));
    }

    boolean holds(CommitId commit) throws IOException {
        try {
            return packs.has(tree(commit));
        } catch (MissingObjectException e) {
            return false;
        }
    }

    ObjectId tree(CommitId commit) throws IOException {
        return parseCommit(ObjectId.fromString(commit.hex())).getTree().copy();
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
            // Without a name the description is equal to itself only: JGit's block cache is shared by all repositories.
            setRepositoryDescription(new DfsRepositoryDescription());
        }

        @Override
        public PackRepository build() {
            return new PackRepository(this, files);
        }
    }

    /** The packs; a reader knows the shallow commit, which JGit's own reader over such a store does not. */
    static final class Packs extends DfsObjDatabase {

        private final PackFiles files;

        Packs(DfsRepository repository, PackFiles files) {
            super(repository, new DfsReaderOptions());
            this.files = files;
        }

        int count() throws IOException {
            return listPacks().size();
        }

        @Override
        public DfsReader newReader() {
            return new ShallowReader(this);
        }

        @Override
        public Set<ObjectId> getShallowCommits() throws IOException {
            return files.tip().<Set<ObjectId>>map(Set::of).orElse(Set.of());
        }

        @Override
        public void setShallowCommits(Set<ObjectId> commits) {
            // The one that matters is the tip.
        }

        @Override
        protected DfsPackDescription newPack(PackSource source) {
            return new DfsPackDescription(getRepository().getDescription(), "pack-" + UUID.randomUUID(), source);
        }

        @Override
        protected void commitPackImpl(Collection<DfsPackDescription> added, Collection<DfsPackDescription> replaced) {
            clearCache();
        }

        @Override
        protected void rollbackPack(Collection<DfsPackDescription> packs) {
            for (DfsPackDescription pack : packs) {
                files.delete(pack.getFileName(PackExt.PACK));
                files.delete(pack.getFileName(PackExt.INDEX));
            }
        }

        @Override
        protected List<DfsPackDescription> listPacks() throws IOException {
            List<String> names = files.names();
            List<DfsPackDescription> found = new ArrayList<>();
            for (String name : names) {
                if (name.endsWith(".idx") && names.contains(name.replace(".idx", ".pack"))) {
                    found.add(describe(name.substring(0, name.length() - ".idx".length())));
                }
            }
            return found;
        }

        private DfsPackDescription describe(String name) throws IOException {
            DfsPackDescription pack =
                    new DfsPackDescription(getRepository().getDescription(), name, PackSource.RECEIVE);
            for (PackExt part : List.of(PackExt.PACK, PackExt.INDEX)) {
                pack.addFileExt(part);
                pack.setFileSize(part, files.size(pack.getFileName(part)));
            }
            return pack;
        }

        @Override
        protected ReadableChannel openFile(DfsPackDescription pack, PackExt part) throws IOException {
            return files.read(pack.getFileName(part));
        }

        @Override
        protected DfsOutputStream writeFile(DfsPackDescription pack, PackExt part) throws IOException {
            return files.write(pack.getFileName(part));
        }

        @Override
        public long getApproximateObjectCount() {
            return -1;
        }
    }

    private static final class ShallowReader extends DfsReader {

        private final Packs packs;

        ShallowReader(Packs packs) {
            super(packs);
            this.packs = packs;
        }

        @Override
        public Set<ObjectId> getShallowCommits() {
            try {
                return packs.getShallowCommits();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
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
        public ReflogReader getReflogReader(Ref ref) {
            throw new UnsupportedOperationException("there are no references, so there is no log of them");
        }

        @Override
        protected boolean compareAndPut(Ref before, Ref after) {
            return false;
        }

        @Override
        protected boolean compareAndRemove(Ref before) {
            return false;
        }
    }
}
