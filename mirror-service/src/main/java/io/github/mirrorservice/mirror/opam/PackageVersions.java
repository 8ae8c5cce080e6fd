package io.github.mirrorservice.mirror.opam;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The versions of one package, and which archives each of them names. */
final class PackageVersions {

    /** A package with more is taken as its paths are sorted: its versions would hold a shared thread for long. */
    private static final int MOST_SORTED = 1_000;

    private final String start;
    private final List<Version> versions = new ArrayList<>();

    /** Of the package whose files' paths start so. */
    PackageVersions(String start) {
        this.start = start;
    }

    private record Version(String name, ClaimGroup archive) {}

    /** The package of {@code …/NAME.VERSION/opam}. */
    static PackageVersions of(String path) {
        return new PackageVersions(path.substring(0, path.indexOf('.', folder(path)) + 1));
    }

    private static int folder(String path) {
        return path.lastIndexOf('/', path.lastIndexOf('/') - 1) + 1;
    }

    boolean holds(String path) {
        return !start.isEmpty() && path.startsWith(start);
    }

    /** One of its versions names an archive. */
    void add(String path, ClaimGroup archive) {
        versions.add(new Version(path.substring(start.length(), path.lastIndexOf('/')), archive));
    }

    /** Tells each archive how new the version is that names it: 0 for the newest. */
    void rank() {
        if (versions.size() <= MOST_SORTED) {
            versions.sort(Comparator.comparing(Version::name, VersionOrder.OLDEST_FIRST)
                    .reversed());
        }
        int rank = -1;
        String latest = "";
        for (Version version : versions) {
            if (rank < 0 || !version.name().equals(latest)) {
                rank++;
                latest = version.name();
            }
            version.archive().root().rank(rank);
        }
    }
}
