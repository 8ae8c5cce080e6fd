package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.Commit;
import java.time.Instant;

/**
 * What clients see of the repository at one commit. Its parts belong together and never change.
 *
 * @param repository the remote it was made from, without credentials
 * @param commit the commit it was made from
 * @param published when it was first served
 * @param packages how many package names it holds
 * @param opamFiles how many package versions it holds
 * @param archives how many distinct source archives its opam files name
 * @param repo the {@code repo} file
 * @param index the {@code index.tar.gz}
 */
public record Snapshot(
        String repository,
        Commit commit,
        Instant published,
        int packages,
        int opamFiles,
        int archives,
        Body repo,
        Body index) {}
