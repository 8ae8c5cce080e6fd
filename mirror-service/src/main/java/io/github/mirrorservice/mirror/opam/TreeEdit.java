package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.git.TreeChange;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What changes in a tree, gathered: of each path its last state, sorted; of other files than opam's nothing. */
public final class TreeEdit {

    private static final String PACKAGES = "packages/";

    private final OpamTree basis;
    private final NavigableMap<String, Optional<BlobId>> packages = new TreeMap<>();
    private Optional<BlobId> repo;
    private Optional<BlobId> version;
    private Optional<String> wrapper = Optional.empty();

    TreeEdit(OpamTree basis) {
        this.basis = basis;
        this.repo = basis.repo();
        this.version = basis.version();
    }

    TreeEdit add(TreeChange change) {
        Optional<BlobId> blob = change instanceof TreeChange.Put put ? Optional.of(put.blob()) : Optional.empty();
        String path = change.path();
        if (path.startsWith(PACKAGES)) {
            packages.put(path, blob);
        } else if (path.equals("repo")) {
            repo = blob;
        } else if (path.equals("version")) {
            version = blob;
        } else if (path.startsWith(PACKAGES, path.indexOf('/') + 1)) {
            wrapper = Optional.of(path.substring(0, path.indexOf('/')));
        }
        return this;
    }

    /** The tree that is changed. */
    OpamTree basis() {
        return basis;
    }

    /** For each changed path below {@code packages/} its blob, or empty if it is removed. */
    NavigableMap<String, Optional<BlobId>> packages() {
        return packages;
    }

    Optional<BlobId> repo() {
        return repo;
    }

    Optional<BlobId> version() {
        return version;
    }

    /** A folder that has a {@code packages/} of its own: the whole repository may lie one level too deep. */
    Optional<String> wrapper() {
        return wrapper;
    }
}
