package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.DfsReader;
import org.eclipse.jgit.internal.storage.dfs.DfsReaderOptions;
import org.eclipse.jgit.internal.storage.dfs.DfsRepository;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.storage.pack.PackConfig;

/** The packs of a repository, in whatever files. */
final class Packs extends DfsObjDatabase {

    /** Every fetch adds a pack: some 100 KiB for opam-repository, most of it the last version of its largest folder. */
    private static final int MOST_PACKS = 50;

    /** A bundle comes whole each time; small packs alone stay far below. */
    private static final long MOST_BYTES_BESIDE_LARGEST = 32 << 20;

    private static final List<PackExt> PARTS = List.of(PackExt.PACK, PackExt.INDEX);
    private static final int HASH = 20;

    private final PackFiles files;

    Packs(DfsRepository repository, PackFiles files) {
        super(repository, new DfsReaderOptions());
        this.files = files;
    }

    Optional<ObjectId> tip() throws IOException {
        return files.tip();
    }

    void tip(ObjectId commit) throws IOException {
        files.tip(commit);
    }

    void clear() throws IOException {
        files.clear();
        clearCache();
    }

    /** Whether so much has come together that a compaction pays; or so many times that. */
    boolean areCrowded(int times) throws IOException {
        long largest = 0;
        long all = 0;
        List<DfsPackDescription> packs = listPacks();
        for (DfsPackDescription pack : packs) {
            largest = Math.max(largest, pack.getFileSize(PackExt.PACK));
            all += pack.getFileSize(PackExt.PACK);
        }
        return packs.size() > times * MOST_PACKS || all - largest > times * MOST_BYTES_BESIDE_LARGEST;
    }

    /** Deletes what a killed process left of a pack that it did not finish. */
    void sweep() throws IOException {
        Set<String> whole = new HashSet<>();
        for (DfsPackDescription pack : listPacks()) {
            PARTS.forEach(part -> whole.add(pack.getFileName(part)));
        }
        for (String name : List.copyOf(files.names())) {
            if (!whole.contains(name)) {
                files.delete(name);
            }
        }
    }

    /** Whether each pack and its index end with the hash of the same pack, as both do when they were written whole. */
    boolean areWhole() throws IOException {
        for (DfsPackDescription pack : listPacks()) {
            byte[] inPack = tail(pack, PackExt.PACK, HASH);
            byte[] inIndex = tail(pack, PackExt.INDEX, 2 * HASH);
            if (!ByteBuffer.wrap(inPack).equals(ByteBuffer.wrap(inIndex, 0, HASH))) {
                return false;
            }
        }
        return true;
    }

    /** Writes one pack with what belongs to the tip, as it is packed already, and deletes the others. */
    void compact() throws IOException {
        List<DfsPackDescription> before = listPacks();
        PackConfig config = new PackConfig();
        config.setDeltaCompress(false);
        config.setBuildBitmaps(false);
        DfsPackDescription compact = newPack(PackSource.GC);
        try (PackWriter writer = new PackWriter(config, newReader())) {
            writer.preparePack(
                    NullProgressMonitor.INSTANCE,
                    tip().<Set<ObjectId>>map(Set::of).orElse(Set.of()),
                    Set.of());
            write(compact, writer);
        }
        commitPack(List.of(compact), before);
    }

    @Override
    public void close() {
        super.close();
        files.close();
    }

    private void write(DfsPackDescription pack, PackWriter writer) throws IOException {
        ProgressMonitor silent = NullProgressMonitor.INSTANCE;
        try (DfsOutputStream out = writeFile(pack, PackExt.PACK)) {
            writer.writePack(silent, silent, out);
        }
        try (DfsOutputStream out = writeFile(pack, PackExt.INDEX)) {
            writer.writeIndex(out);
        }
    }

    @Override
    public DfsReader newReader() {
        return new ShallowReader(this);
    }

    @Override
    public Set<ObjectId> getShallowCommits() throws IOException {
        return tip().<Set<ObjectId>>map(Set::of).orElse(Set.of());
    }

    @Override
    public void setShallowCommits(Set<ObjectId> commits) {
        // The one that matters is the tip.
    }

    @Override
    protected DfsPackDescription newPack(PackSource source) {
        // Never the same name twice, because JGit's cache of blocks may still know the file that was deleted.
        return new DfsPackDescription(getRepository().getDescription(), "pack-" + UUID.randomUUID(), source);
    }

    @Override
    protected void commitPackImpl(Collection<DfsPackDescription> added, Collection<DfsPackDescription> replaced)
            throws IOException {
        if (replaced != null) {
            delete(replaced);
        }
        clearCache();
    }

    @Override
    protected void rollbackPack(Collection<DfsPackDescription> packs) {
        try {
            delete(packs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected List<DfsPackDescription> listPacks() throws IOException {
        Collection<String> names = files.names();
        List<DfsPackDescription> packs = new ArrayList<>();
        for (String name : names) {
            String pack = name.substring(0, name.lastIndexOf('.'));
            if (name.endsWith(".idx") && names.contains(pack + ".pack")) {
                packs.add(describe(pack));
            }
        }
        return packs;
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

    private DfsPackDescription describe(String name) throws IOException {
        DfsPackDescription pack = new DfsPackDescription(getRepository().getDescription(), name, PackSource.RECEIVE);
        for (PackExt part : PARTS) {
            pack.addFileExt(part);
            pack.setFileSize(part, files.size(pack.getFileName(part)));
        }
        return pack;
    }

    private byte[] tail(DfsPackDescription pack, PackExt part, int length) throws IOException {
        byte[] tail = new byte[length];
        try (ReadableChannel file = openFile(pack, part)) {
            file.position(Math.max(0, file.size() - length));
            file.read(ByteBuffer.wrap(tail));
        }
        return tail;
    }

    private void delete(Collection<DfsPackDescription> packs) throws IOException {
        for (DfsPackDescription pack : packs) {
            for (PackExt part : PARTS) {
                files.delete(pack.getFileName(part));
            }
        }
    }

    /** A reader that knows the shallow commit; JGit's own says that there is none, and then fails at its parents. */
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
                throw new UncheckedIOException(e);
            }
        }
    }
}
