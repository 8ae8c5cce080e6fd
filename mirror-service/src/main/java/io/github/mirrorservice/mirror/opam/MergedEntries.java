package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.BlobId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of a tree after an edit, in path order and in batches small enough for a time slice. */
final class MergedEntries implements Iterator<MergedEntries.Batch> {

    /**
     * Some entries.
     *
     * @param entries the next ones; none where one was removed
     * @param census of the whole tree, edited as far as these entries
     */
    record Batch(List<Entry> entries, Census census) {}

    private static final int LARGEST_BATCH = 64;

    private final Iterator<Entry> kept;
    private final Iterator<Map.Entry<String, Optional<BlobId>>> edits;
    private Census census;
    private @Nullable Entry nextKept;
    private Map.@Nullable Entry<String, Optional<BlobId>> nextEdit;

    MergedEntries(TreeEdit edit) {
        census = edit.basis().census();
        kept = edit.basis().entries().iterator();
        edits = edit.packages().entrySet().iterator();
        nextKept = advance(kept);
        nextEdit = advance(edits);
    }

    @Override
    public boolean hasNext() {
        return nextKept != null || nextEdit != null;
    }

    /** The next entries. An edit ends the batch: the two opam files it is about may name a thousand archives each. */
    @Override
    public Batch next() {
        List<Entry> entries = new ArrayList<>();
        boolean edited = false;
        while (!edited && entries.size() < LARGEST_BATCH && hasNext()) {
            edited = step(entries);
        }
        return new Batch(entries, census);
    }

    /** Keeps an entry or makes an edit, and tells whether it was an edit. */
    private boolean step(List<Entry> entries) {
        Entry old = nextKept;
        Map.Entry<String, Optional<BlobId>> edit = nextEdit;
        int order = old == null ? 1 : edit == null ? -1 : old.path().compareTo(edit.getKey());
        if (order <= 0) {
            nextKept = advance(kept);
        }
        if (order >= 0 && edit != null) {
            nextEdit = advance(edits);
            apply(edit, order == 0 ? old : null, entries);
            return true;
        }
        if (old != null) {
            entries.add(old);
        }
        return false;
    }

    private void apply(Map.Entry<String, Optional<BlobId>> edit, @Nullable Entry old, List<Entry> entries) {
        if (old != null) {
            census = census.minus(old);
        }
        edit.getValue().map(blob -> put(old, edit.getKey(), blob)).ifPresent(next -> {
            census = census.plus(next);
            entries.add(next);
        });
    }

    /** A file that is put with the content it had is the file it was. */
    private static Entry put(@Nullable Entry old, String path, BlobId blob) {
        return old != null && old.blob().equals(blob) ? old : Entry.unread(path, blob);
    }

    private static <T> @Nullable T advance(Iterator<T> iterator) {
        return iterator.hasNext() ? iterator.next() : null;
    }
}
