package io.github.mirrorservice.mirror;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * How far a verb is, on the standard error: on a terminal a bar that is drawn over again, elsewhere a line now and then.
 * What is soon done says nothing. Any thread may tell it.
 */
final class ProgressLine implements AutoCloseable {

    private static final long DRAWN = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long WRITTEN = TimeUnit.SECONDS.toNanos(10);
    private static final int WIDTH = 30;

    /** To the line's beginning, and what is there away: ECMA-48, EL. */
    private static final String AFRESH = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean isTerminal;
    private final LongSupplier nanoTime;
    private long shown;
    private boolean drawn;

    /** For a verb that begins now. */
    ProgressLine(CommandLine verb) {
        this(verb.getErr(), Ansi.AUTO.enabled(), System::nanoTime);
    }

    ProgressLine(PrintWriter err, boolean isTerminal, LongSupplier nanoTime) {
        this.err = err;
        this.isTerminal = isTerminal;
        this.nanoTime = nanoTime;
        this.shown = nanoTime.getAsLong();
    }

    /**
     * So many are done by now.
     *
     * @param things what they are
     * @param all how many there are, or 0 if nobody knows
     */
    synchronized void show(String things, long done, long all) {
        long now = nanoTime.getAsLong();
        if (now - shown < (isTerminal ? DRAWN : WRITTEN)) {
            return;
        }
        shown = now;
        String text = all > 0
                ? String.format(Locale.ROOT, "%,d of %,d %s", done, all, things)
                : String.format(Locale.ROOT, "%,d %s", done, things);
        if (isTerminal) {
            err.print(AFRESH + (all > 0 ? bar(done, all) : "") + text);
            drawn = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    private static String bar(long done, long all) {
        int full = (int) (WIDTH * Math.min(done, all) / all);
        return "[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] ";
    }

    /** Leaves the line empty for what is said next. */
    @Override
    public synchronized void close() {
        if (drawn) {
            err.print(AFRESH);
            err.flush();
            drawn = false;
        }
    }
}
