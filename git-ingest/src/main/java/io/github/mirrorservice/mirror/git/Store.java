package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The repository of a mirror, opened at first use. */
final class Store implements AutoCloseable {

    /** How the files are reached. */
    @FunctionalInterface
    interface Opening {
        PackFiles open() throws IOException;
    }

    private final Opening opening;
    private @Nullable PackRepository repository;

    Store(Opening opening) {
        this.opening = opening;
    }

    synchronized PackRepository repository() throws IOException {
        if (repository == null) {
            repository = PackRepository.over(opening.open());
        }
        return repository;
    }

    @Override
    public synchronized void close() {
        if (repository != null) {
            repository.close();
        }
    }
}
