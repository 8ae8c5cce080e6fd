package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.BlobId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of a tree after an edit, in path order and in batches small enough for a time slice. */
final class MergedEntries implements Iterator<List<Entry>> {

    static final int BATCH = 64;

    private final Iterator<Entry> kept;
    private final Iterator<Map.Entry<String, Optional<BlobId>>> edits;
    private @Nullable Entry nextKept;
    private Map.@Nullable Entry<String, Optional<BlobId>> nextEdit;

    MergedEntries(TreeEdit edit) {
        kept = edit.basis().entries().iterator();
        edits = edit.packages().entrySet().iterator();
        nextKept = advance(kept);
        nextEdit = advance(edits);
    }

    @Override
    public boolean hasNext() {
        return nextKept != null || nextEdit != null;
    }

    /** The next entries; a batch may be empty where everything was removed. */
    @Override
    public List<Entry> next() {
        List<Entry> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH && hasNext(); i++) {
            step(batch);
        }
        return batch;
    }

    private void step(List<Entry> batch) {
        Entry old = nextKept;
        Map.Entry<String, Optional<BlobId>> edit = nextEdit;
        int order = old == null ? 1 : edit == null ? -1 : old.path().compareTo(edit.getKey());
        if (order <= 0) {
            nextKept = advance(kept);
        }
        if (order >= 0 && edit != null) {
            nextEdit = advance(edits);
            edit.getValue().ifPresent(blob -> batch.add(put(order == 0 ? old : null, edit.getKey(), blob)));
        } else if (old != null) {
            batch.add(old);
        }
    }

    /** A file that is put with the content it had is the file it was. */
    private static Entry put(@Nullable Entry old, String path, BlobId blob) {
        return old != null && old.blob().equals(blob) ? old : Entry.unread(path, blob);
    }

    private static <T> @Nullable T advance(Iterator<T> iterator) {
        return iterator.hasNext() ? iterator.next() : null;
    }
}
