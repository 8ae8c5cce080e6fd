package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackParser;

/** Takes packs in as another inserter does, but only within the limits of a fetch. */
final class GuardedInserter extends ObjectInserter.Filter {

    private final ObjectInserter inserter;
    private final FetchGuard guard;

    GuardedInserter(ObjectInserter inserter, FetchGuard guard) {
        this.inserter = inserter;
        this.guard = guard;
    }

    @Override
    protected ObjectInserter delegate() {
        return inserter;
    }

    @Override
    public PackParser newPackParser(InputStream pack) throws IOException {
        PackParser parser = inserter.newPackParser(guard.pack(pack));
        parser.setMaxObjectSizeLimit(guard.limits().pack().objectBytes());
        return parser;
    }
}
