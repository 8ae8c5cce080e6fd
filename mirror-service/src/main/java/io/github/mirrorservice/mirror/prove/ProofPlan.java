package io.github.mirrorservice.mirror.prove;

import java.time.Duration;

/**
 * How much is measured in each cell.
 *
 * @param rate requests a second
 * @param idle the pause before and after each ingest of the whole repository
 * @param wholes ingests of the whole repository: of a new history in which no file is as it was
 * @param merges ingests of a merge, each of some files
 * @param mergePause the pause before each of these
 */
public record ProofPlan(int rate, Duration idle, int wholes, int merges, Duration mergePause) {

    /** Half a minute a cell. */
    public static final ProofPlan FULL = new ProofPlan(500, Duration.ofSeconds(3), 2, 20, Duration.ofMillis(300));

    /** Some seconds a cell. */
    public static final ProofPlan QUICK = new ProofPlan(500, Duration.ofMillis(700), 1, 5, Duration.ofMillis(100));

    /** The pause between two requests. */
    Duration period() {
        return Duration.ofSeconds(1).dividedBy(rate);
    }
}
