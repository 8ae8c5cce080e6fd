package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a log of publications as a whole: its entries have no gap, and the newest ones are whole. It changes nothing. */
public final class LogAudit {

    /** Publications go on meanwhile, and take the bytes of the oldest that have theirs. */
    private static final int WHOLE = SnapshotLog.KEPT / 2;

    private final SnapshotLog log;
    private final List<String> gaps = new ArrayList<>();
    private final List<String> damaged = new ArrayList<>();
    private Optional<Snapshot> newest = Optional.empty();

    private LogAudit(SnapshotLog log) {
        this.log = log;
    }

    /**
     * What was found.
     *
     * @param newest the newest publication, if it can be read
     * @param gaps a line for each entry that is not there, although a later one is
     * @param damaged a line for each publication that is not what it says, of those that are to be whole
     */
    public record Report(Optional<Snapshot> newest, List<String> gaps, List<String> damaged) {}

    /** Reads it; to be called where blocking is allowed. Fails with {@link ObjectStoreException} if the store does not answer. */
    public static Report of(SnapshotLog log) throws IOException {
        LogAudit audit = new LogAudit(log);
        audit.read();
        return new Report(audit.newest, audit.gaps, audit.damaged);
    }

    private void read() throws IOException {
        List<Long> numbers = log.numbers();
        long expected = 1;
        for (long number : numbers) {
            if (expected < number) {
                gaps.add("publications " + expected + " to " + (number - 1) + " are missing, and there is " + number);
            }
            expected = number + 1;
        }
        for (long number : numbers.subList(Math.max(0, numbers.size() - WHOLE), numbers.size())) {
            newest = read(number);
        }
    }

    private Optional<Snapshot> read(long number) throws IOException {
        try {
            return Optional.of(log.read(number));
        } catch (IOException wrong) {
            log.newest(number); // It answers: so that is what is there.
            damaged.add("publication " + number + ": " + wrong.getMessage());
            return Optional.empty();
        }
    }
}
