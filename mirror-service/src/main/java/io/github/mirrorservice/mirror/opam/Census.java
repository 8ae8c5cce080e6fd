package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.opam.format.ArchiveRef;
import io.github.mirrorservice.mirror.opam.format.OpamFile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts what a tree holds. It goes over all entries at every step, so plain loops it is. */
final class Census {

    private final Set<String> packages = new HashSet<>();
    /** The first checksum of each section, the one that clients look up; no two algorithms have hashes of one length. */
    private final Set<String> archives = new HashSet<>();

    private String latest = "";
    private int opamFiles;
    private int flawed;

    /** Counts packages and their versions; those of one package mostly come one after the other. */
    Census countPackages(List<Entry> batch) {
        for (Entry entry : batch) {
            if (entry.packageName().isPresent()) {
                String name = entry.packageName().get();
                if (!name.equals(latest)) {
                    packages.add(name);
                    latest = name;
                }
                opamFiles++;
            }
        }
        return this;
    }

    /** Counts what the opam files name; they must have been read. */
    Census countArchives(List<Entry> batch) {
        for (Entry entry : batch) {
            OpamFile file = entry.opamFile();
            for (ArchiveRef archive : file.archives()) {
                if (!archive.digests().isEmpty()) {
                    archives.add(archive.digests().get(0).hex());
                }
            }
            flawed += file.diagnostics().isEmpty() ? 0 : 1;
        }
        return this;
    }

    Snapshot.Counts counts() {
        return new Snapshot.Counts(packages.size(), opamFiles, archives.size(), flawed);
    }
}
