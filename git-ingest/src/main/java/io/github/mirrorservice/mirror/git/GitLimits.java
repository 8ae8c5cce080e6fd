package io.github.mirrorservice.mirror.git;

import java.time.Duration;

/**
 * How much a remote may cost before it is refused: a hostile or broken upstream ends in one error, not in an exhausted
 * process.
 *
 * @param exchange limits of the talk with the remote
 * @param pack limits of what it sends
 * @param tree limits of the shape of a commit
 */
public record GitLimits(Exchange exchange, Pack pack, Tree tree) {

    private static final long MEBIBYTE = 1 << 20;

    /**
     * The limits for an opam repository of the public kind with room to spare: in August 2026 that one had 18,808 files of at
     * most 24 kB, a pack of 10.6 MB without its history, and 203 MB and 820,000 objects with it.
     */
    public static final GitLimits STANDARD = new GitLimits(
            new Exchange(Duration.ofSeconds(30), Duration.ofMinutes(10), 16 * MEBIBYTE),
            new Pack(1024 * MEBIBYTE, 2_000_000, 16 * MEBIBYTE),
            new Tree(16, 1024, 250_000, (int) MEBIBYTE));

    /**
     * The talk with the remote.
     *
     * @param silence how long the remote may send nothing; whole seconds, at least one
     * @param total how long a whole fetch may take
     * @param talkBytes bytes the remote may send beside the pack: capabilities, branches, messages
     */
    public record Exchange(Duration silence, Duration total, long talkBytes) {

        /** Refuses limits that would let nothing through. */
        public Exchange {
            requirePositive(silence.toSeconds(), "silence (seconds)");
            requirePositive(total.toMillis(), "total (milliseconds)");
            requirePositive(talkBytes, "talkBytes");
        }

        int silenceSeconds() {
            return Math.toIntExact(silence.toSeconds());
        }
    }

    /**
     * What the remote sends in one fetch.
     *
     * @param bytes bytes on the wire
     * @param objects objects the pack may declare
     * @param objectBytes bytes of one object, inflated
     */
    public record Pack(long bytes, long objects, long objectBytes) {

        /** Refuses limits that would let nothing through. */
        public Pack {
            requirePositive(bytes, "bytes");
            requirePositive(objects, "objects");
            requirePositive(objectBytes, "objectBytes");
        }
    }

    /**
     * The shape of a commit's tree.
     *
     * @param depth components of a path
     * @param pathBytes bytes of a path
     * @param files files of a tree
     * @param blobBytes bytes of a file that is read
     */
    public record Tree(int depth, int pathBytes, int files, int blobBytes) {

        /** Refuses limits that would let nothing through. */
        public Tree {
            requirePositive(depth, "depth");
            requirePositive(pathBytes, "pathBytes");
            requirePositive(files, "files");
            requirePositive(blobBytes, "blobBytes");
        }
    }

    private static void requirePositive(long limit, String name) {
        if (limit <= 0) {
            throw new IllegalArgumentException("the limit " + name + " must be positive: " + limit);
        }
    }
}
