package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.archive.Digest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts what a tree holds. */
final class Census {

    private final Set<String> packages = new HashSet<>();
    private final Set<Digest> archives = new HashSet<>();
    private int opamFiles;
    private int unreadable;

    /** Counts packages and their versions. */
    Census countPackages(List<Entry> batch) {
        for (Entry entry : batch) {
            entry.packageName().ifPresent(name -> {
                packages.add(name);
                opamFiles++;
            });
        }
        return this;
    }

    /** Counts what the opam files name; they must have been read. */
    Census countArchives(List<Entry> batch) {
        for (Entry entry : batch) {
            OpamContent content = entry.content();
            // The first checksum of a section is the one that clients look up.
            content.archives().forEach(ref -> ref.digests().stream().limit(1).forEach(archives::add));
            unreadable += content.problem().isPresent() ? 1 : 0;
        }
        return this;
    }

    Snapshot.Counts counts() {
        return new Snapshot.Counts(packages.size(), opamFiles, archives.size(), unreadable);
    }
}
