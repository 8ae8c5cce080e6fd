package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.opam.format.OpamFile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts what a tree holds. */
final class Census {

    private final Set<String> packages = new HashSet<>();
    private final Set<Digest> archives = new HashSet<>();
    private int opamFiles;
    private int flawed;

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
            OpamFile file = entry.opamFile();
            // The first checksum of a section is the one that clients look up.
            file.archives().forEach(ref -> ref.digests().stream().limit(1).forEach(archives::add));
            flawed += file.diagnostics().isEmpty() ? 0 : 1;
        }
        return this;
    }

    Snapshot.Counts counts() {
        return new Snapshot.Counts(packages.size(), opamFiles, archives.size(), flawed);
    }
}
