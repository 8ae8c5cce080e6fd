package io.github.mirrorservice.mirror.git;

import java.time.Instant;

/**
 * A fetched commit.
 *
 * @param id its name
 * @param time its committer time, to the second
 */
public record Commit(CommitId id, Instant time) {}
