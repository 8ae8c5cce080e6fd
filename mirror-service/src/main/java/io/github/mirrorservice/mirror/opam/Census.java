package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.opam.format.ArchiveRef;
import io.github.mirrorservice.mirror.opam.format.OpamFile;
import org.pcollections.TreePMap;

/**
 * What some entries hold, counted: a value, and the next one costs as much as what changed. Its maps are sorted rather than
 * hashed, so that no choice of names makes them slow.
 *
 * @param opamFiles package versions
 * @param flawed those whose opam file is not well-formed
 * @param packages how many versions each package has, at least 1
 * @param archives how often each archive is named, at least once, by the first checksum of a section: the one that clients look
 *     up; no two algorithms have hashes of one length
 */
record Census(int opamFiles, int flawed, TreePMap<String, Integer> packages, TreePMap<String, Integer> archives) {

    /** Of no entries. */
    static final Census EMPTY = new Census(0, 0, TreePMap.empty(), TreePMap.empty());

    /** With this entry too; if it is unread, with its package name alone. */
    Census plus(Entry entry) {
        return add(1, entry);
    }

    /** With what an entry says that was counted unread. */
    Census read(Entry entry) {
        return new Census(opamFiles, flawed + flaw(entry), packages, addArchives(1, entry.opamFile()));
    }

    /** Without an entry that was counted as it is now, read or unread. */
    Census minus(Entry entry) {
        return add(-1, entry);
    }

    Snapshot.Counts counts() {
        return new Snapshot.Counts(packages.size(), opamFiles, archives.size(), flawed);
    }

    private Census add(int times, Entry entry) {
        return entry.packageName()
                .map(name -> new Census(
                        opamFiles + times,
                        flawed + times * flaw(entry),
                        add(times, name, packages),
                        addArchives(times, entry.opamFile())))
                .orElse(this);
    }

    private static int flaw(Entry entry) {
        return entry.opamFile().diagnostics().isEmpty() ? 0 : 1;
    }

    private TreePMap<String, Integer> addArchives(int times, OpamFile file) {
        TreePMap<String, Integer> next = archives;
        for (ArchiveRef archive : file.archives()) {
            if (!archive.digests().isEmpty()) {
                next = add(times, archive.digests().get(0).hex(), next);
            }
        }
        return next;
    }

    private static TreePMap<String, Integer> add(int times, String name, TreePMap<String, Integer> counts) {
        int count = counts.getOrDefault(name, 0) + times;
        return count == 0 ? counts.minus(name) : counts.plus(name, count);
    }
}
