package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Says in this room's words what the network did. */
final class NetworkFailures {

    private NetworkFailures() {}

    static Function<Throwable, Throwable> beforeAnAnswer(String host) {
        return failure -> of(host, Reason.UNREACHABLE, "did not answer", failure);
    }

    static Function<Throwable, Throwable> inTheBody(String host) {
        return failure -> of(host, Reason.TRUNCATED, "broke off its answer", failure);
    }

    private static Throwable of(String host, Reason reason, String what, Throwable failure) {
        if (failure instanceof ArchiveException.Source || failure instanceof Error) {
            return failure;
        }
        return failure instanceof TimeoutException
                ? tooSlow(host)
                : new ArchiveException.Source(reason, "%s %s: %s".formatted(host, what, said(failure)));
    }

    static ArchiveException.Source tooSlow(String host) {
        return new ArchiveException.Source(Reason.TIMEOUT, host + " took too long");
    }

    static ArchiveException.Source tooLarge(String host, long largest) {
        return new ArchiveException.Source(
                Reason.SIZE, "the archive at %s is larger than %d bytes".formatted(host, largest));
    }

    static String said(Throwable failure) {
        return Optional.ofNullable(failure.getMessage())
                .orElseGet(() -> failure.getClass().getSimpleName());
    }
}
