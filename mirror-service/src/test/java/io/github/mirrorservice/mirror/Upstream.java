package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.GitAuthor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An opam repository in Git that a test writes. */
final class Upstream implements AutoCloseable {

    private final Path path;
    private final GitAuthor author;
    private Map<String, Optional<byte[]>> changes = new HashMap<>();
    private long commits;

    Upstream(Path path) {
        this.path = path;
        this.author = GitAuthor.at(path);
    }

    /** An upstream with a {@code repo} file and some packages. */
    static Upstream withPackages(Path path, String... namesAndVersions) {
        Upstream upstream = new Upstream(path).put("repo", "opam-version: \"2.0\"\n");
        for (String one : namesAndVersions) {
            upstream.putPackage(one, "first");
        }
        upstream.commit();
        return upstream;
    }

    String url() {
        return path.toUri().toString();
    }

    Upstream put(String file, String content) {
        changes.put(file, Optional.of(content.getBytes(UTF_8)));
        return this;
    }

    Upstream remove(String file) {
        changes.put(file, Optional.empty());
        return this;
    }

    Upstream putPackage(String nameAndVersion, String synopsis) {
        return put(opamPath(nameAndVersion), "opam-version: \"2.0\"\nsynopsis: \"" + synopsis + "\"\n");
    }

    Upstream removePackage(String nameAndVersion) {
        return remove(opamPath(nameAndVersion));
    }

    CommitId commit() {
        return author.commit(taken(), "a merge", time());
    }

    /** Replaces the history by one commit that holds only what was put since the last one. */
    CommitId forcePush() {
        return author.startOver(taken(), "another history", time());
    }

    static String opamPath(String nameAndVersion) {
        return "packages/" + nameAndVersion.substring(0, nameAndVersion.indexOf('.')) + "/" + nameAndVersion + "/opam";
    }

    private Map<String, Optional<byte[]>> taken() {
        Map<String, Optional<byte[]>> taken = changes;
        changes = new HashMap<>();
        return taken;
    }

    private Instant time() {
        return Instant.ofEpochSecond(1_700_000_000 + commits++);
    }

    @Override
    public void close() {
        author.close();
    }
}
