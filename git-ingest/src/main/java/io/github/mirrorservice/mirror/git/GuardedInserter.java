package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsInserter;
import org.eclipse.jgit.internal.storage.dfs.DfsPackParser;

/** Takes packs in, but only within the limits of a fetch. */
final class GuardedInserter extends DfsInserter {

    private final Packs packs;
    private final FetchGuard guard;

    GuardedInserter(Packs packs, FetchGuard guard) {
        super(packs);
        this.packs = packs;
        this.guard = guard;
    }

    @Override
    public DfsPackParser newPackParser(InputStream pack) throws IOException {
        DfsPackParser parser = new ThinPackParser(packs, this, guard.pack(pack));
        parser.setMaxObjectSizeLimit(guard.limits().pack().objectBytes());
        return parser;
    }
}
