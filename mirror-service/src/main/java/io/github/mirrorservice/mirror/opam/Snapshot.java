package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.Commit;
import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * What clients see of the repository at one commit. Its parts belong together and never change.
 *
 * @param repository the remote it was made from, without credentials
 * @param commit the commit it was made from
 * @param published when it was first served
 * @param counts what it holds
 * @param cache where its {@code repo} file sends clients for archives, if anywhere
 * @param repo the {@code repo} file
 * @param index the {@code index.tar.gz}
 * @param archives emits which archives it names: found out at the first subscription, once for all, on the cooperating lane
 */
public record Snapshot(
        String repository,
        Commit commit,
        Instant published,
        Counts counts,
        Optional<String> cache,
        Body repo,
        Body index,
        Mono<ArchiveNames> archives) {

    /** The name of the commit it was made from. */
    public String revision() {
        return commit.id().hex();
    }

    /** When that commit was made. */
    public Instant committed() {
        return commit.time();
    }

    /**
     * How much a snapshot holds.
     *
     * @param packages package names
     * @param opamFiles package versions
     * @param archives distinct source archives that the opam files name with a checksum
     * @param flawed opam files that are not well-formed; they are served as they are
     */
    public record Counts(int packages, int opamFiles, int archives, int flawed) {}
}
