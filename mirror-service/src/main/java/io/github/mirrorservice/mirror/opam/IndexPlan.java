package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.opam.OpamTree.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where the entries of the next index are cut into segments, and which of these are there already. A segment can be taken
 * over if it holds the very same entries and the 32 KiB of the tar before it are the very same: nothing else has a part in
 * its bytes.
 */
final class IndexPlan {

    /**
     * A run of entries that make a segment.
     *
     * @param context the first entry that must be read to know the bytes before the segment, or {@code from} if none must
     * @param from the position of the first entry
     * @param to the position after the last
     * @param old the segment of the old tree that has the same bytes, if there is one
     */
    record Span(int context, int from, int to, Optional<Segment> old) {

        /** What has to be read to deflate it. */
        List<Step> steps() {
            if (old.isPresent()) {
                return List.of();
            }
            return IntStream.range(context, to)
                    .mapToObj(entry -> new Step(entry, purpose(entry)))
                    .toList();
        }

        private Purpose purpose(int entry) {
            if (entry < from) {
                return entry == context ? Purpose.CONTEXT_START : Purpose.CONTEXT;
            }
            return entry == from ? Purpose.SEGMENT_START : Purpose.CONTENT;
        }
    }

    /** An entry that is to be read, and what for. */
    record Step(int entry, Purpose purpose) {}

    /** What an entry is read for. */
    enum Purpose {
        /** It stands before a segment whose predecessor is taken over: the first entry of such a run. */
        CONTEXT_START,
        /** It stands before a segment, but is not part of it. */
        CONTEXT,
        /** It is the first entry of a segment. */
        SEGMENT_START,
        /** It is part of the segment. */
        CONTENT;

        boolean isContext() {
            return this == CONTEXT_START || this == CONTEXT;
        }

        /** The same without the start. */
        Purpose continued() {
            return isContext() ? CONTEXT : CONTENT;
        }
    }

    /** Twenty times what the public repository unpacks to: clients keep all of it. */
    private static final long LARGEST_TAR = 1L << 30;

    private final OpamTree basis;
    private final Map<Entry, Segment> oldByFirst = new HashMap<>();
    private final List<Entry> entries;
    private final List<Span> spans = new ArrayList<>();
    private Census census;
    private int start;
    private long tarBytes;

    IndexPlan(OpamTree basis) {
        this.basis = basis;
        this.census = basis.census();
        this.entries = new ArrayList<>(basis.entries().size());
        basis.segments().forEach(segment -> oldByFirst.put(basis.entries().get(segment.from()), segment));
    }

    IndexPlan add(MergedEntries.Batch batch) {
        census = batch.census();
        for (Entry entry : batch.entries()) {
            if (start < entries.size() && entry.startsSegmentAfter(entries.get(entries.size() - 1))) {
                endSpan();
            }
            entries.add(entry);
            if (entry.isRead()) {
                count(entry);
            }
        }
        return this;
    }

    /** Ends the last segment; nothing can be added after it. */
    IndexPlan finish() {
        if (start < entries.size()) {
            endSpan();
        }
        return this;
    }

    /** What the new tree holds, as far as it was read. */
    Census census() {
        return census;
    }

    /** All entries in path order. */
    List<Entry> entries() {
        return entries;
    }

    /** Takes note of an entry's content, if it was not known. */
    void learn(int position, byte[] content) {
        Entry entry = entries.get(position);
        if (!entry.isRead()) {
            Entry read = entry.read(content);
            entries.set(position, read);
            census = census.read(read);
            count(read);
        }
    }

    /** The entry that a step is about. */
    Entry entry(Step step) {
        return entries.get(step.entry());
    }

    List<Span> spans() {
        return spans;
    }

    /** The deflated form of every span, in order, given those that had to be made. */
    List<Deflated> deflated(List<Deflated> made) {
        Iterator<Deflated> next = made.iterator();
        return spans.stream()
                .map(span -> span.old().map(Segment::deflated).orElseGet(next::next))
                .toList();
    }

    /** The segments of the new tree, their bytes being where the finished index has them. */
    List<Segment> segments(List<Deflated> deflated, Body index) {
        List<Segment> segments = new ArrayList<>(spans.size());
        Iterator<ByteBuffer> parts = index.parts().iterator();
        ByteBuffer part = parts.next();
        int at = IndexFile.HEADER_LENGTH;
        for (int i = 0; i < spans.size(); i++) {
            if (at == part.limit()) {
                part = parts.next();
                at = 0;
            }
            Deflated old = deflated.get(i);
            Stretch bytes = new Stretch(part, at, old.bytes().length());
            segments.add(
                    new Segment(spans.get(i).from(), spans.get(i).to(), new Deflated(bytes, old.length(), old.crc())));
            at += bytes.length();
        }
        return segments;
    }

    private void count(Entry read) {
        tarBytes += read.tarBytes();
        if (tarBytes > LARGEST_TAR) {
            throw new OpamException.Held(
                    "size", "the index would unpack to more than 1 GiB: check that the remote is an opam repository");
        }
    }

    private void endSpan() {
        int end = entries.size();
        Optional<Segment> old = Optional.ofNullable(oldByFirst.get(entries.get(start)))
                .filter(segment -> holdsSameEntries(segment, end) && followsSameContext(segment));
        spans.add(new Span(contextOfNext(), start, end, old));
        start = end;
    }

    /** Where the segment before is deflated too, its bytes are at hand. */
    private int contextOfNext() {
        boolean afterOld = !spans.isEmpty() && spans.get(spans.size() - 1).old().isPresent();
        return afterOld ? contextStart(entries, start) : start;
    }

    private boolean holdsSameEntries(Segment old, int end) {
        return old.size() == end - start && same(old.from(), start, old.size());
    }

    private boolean followsSameContext(Segment old) {
        int context = old.from() - contextStart(basis.entries(), old.from());
        return context <= start && same(old.from() - context, start - context, context) && reachesAsFar(old, context);
    }

    /** A context shorter than the window is the whole tar before it: it must be the whole tar here too. */
    private boolean reachesAsFar(Segment old, int context) {
        return context < old.from() || context == start;
    }

    private boolean same(int oldFrom, int newFrom, int count) {
        for (int i = 0; i < count; i++) {
            if (basis.entries().get(oldFrom + i) != entries.get(newFrom + i)) {
                return false;
            }
        }
        return true;
    }

    /** The first of the entries that reach into the window before a position. */
    private static int contextStart(List<Entry> entries, int position) {
        long bytes = 0;
        int at = position;
        while (at > 0 && bytes < Window.LENGTH) {
            at--;
            bytes += entries.get(at).tarBytes();
        }
        return at;
    }
}
