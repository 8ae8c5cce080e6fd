package io.github.mirrorservice.mirror.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What was made of some files, and is made anew when these change. It may be asked for by any thread.
 *
 * @param <T> what it is
 */
public final class Renewed<T> {

    private final String name;
    private final List<Path> files;
    private final Reading<? extends T> reading;
    private volatile List<String> seen;
    private volatile T current;

    private Renewed(String name, List<Path> files, Reading<? extends T> reading) throws IOException {
        this.name = name;
        this.files = files;
        this.reading = reading;
        this.seen = digests();
        this.current = reading.read();
    }

    /**
     * Reads the files for the first time.
     *
     * @param name what it is, for people
     * @throws IOException if they cannot be read, or are not what they should be
     */
    static <T> Renewed<T> of(String name, List<Path> files, Reading<? extends T> reading) throws IOException {
        return new Renewed<>(name, List.copyOf(files), reading);
    }

    /** How it is made of its files. */
    @FunctionalInterface
    interface Reading<T> {

        T read() throws IOException;
    }

    /** What it is now. */
    public T current() {
        return current;
    }

    /**
     * Looks at the files again and again, and emits what each change of theirs came to. Never ends.
     *
     * @param period the pause between two looks
     * @param blocking where files may be read
     */
    public Flux<Change> changes(Duration period, Scheduler blocking) {
        return Mono.delay(period, blocking)
                .flatMap(tick -> Mono.justOrEmpty(look()))
                .repeat();
    }

    /** What a change of the files came to. */
    public sealed interface Change {

        /** What it is that they are about, for people. */
        String name();

        /** What they hold now is in use. */
        record Used(String name) implements Change {}

        /**
         * What they held before stays in use.
         *
         * @param why what is wrong with them
         */
        record Unusable(String name, String why) implements Change {}
    }

    private Optional<Change> look() {
        List<String> held = digests();
        if (held.equals(seen)) {
            return Optional.empty();
        }
        seen = held;
        try {
            current = reading.read();
            return Optional.of(new Change.Used(name));
        } catch (IOException unusable) {
            return Optional.of(new Change.Unusable(name, String.valueOf(unusable.getMessage())));
        }
    }

    /** What the files hold, in short: when they were written is no sure sign. Of files that are not there, nothing. */
    private List<String> digests() {
        try {
            List<String> digests = new ArrayList<>();
            for (Path file : files) {
                digests.add(HexFormat.of().formatHex(Sha256.of(Files.readAllBytes(file))));
            }
            return digests;
        } catch (IOException gone) {
            return List.of();
        }
    }
}
