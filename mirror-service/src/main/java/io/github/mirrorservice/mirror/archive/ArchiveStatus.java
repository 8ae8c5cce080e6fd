package io.github.mirrorservice.mirror.archive;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the archives are doing.
 *
 * @param commit whose snapshot they were counted for: one that was just published is not looked through yet
 * @param known how many that snapshot names
 * @param missing how many of them are not held
 * @param held what is held in all, named or not
 * @param quarantined what was taken out of service
 * @param failures what could not be had
 * @param broken why the last one that came could not be kept, if it could not
 * @param uncacheable sections without a checksum, by file: nobody can verify them, so they are never cached
 * @param getting whether what is missing is being got
 * @param bytesPerSecond how fast, over the last time
 * @param left how long it takes at that rate, as far as anyone can say
 */
public record ArchiveStatus(
        Optional<String> commit,
        int known,
        int missing,
        ArchiveStore.Holdings held,
        ArchiveStore.Holdings quarantined,
        List<Failures.Failure> failures,
        Optional<String> broken,
        List<String> uncacheable,
        boolean getting,
        long bytesPerSecond,
        Optional<Duration> left) {

    /** Whether what is known and missing is that of the snapshot of this commit. */
    public boolean isOf(String other) {
        return commit.filter(other::equals).isPresent();
    }
}
