package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A folder for what is on its way into a store: of one process, and empty when it starts. */
final class Incoming {

    private final Path folder;
    private final AtomicLong names = new AtomicLong();

    Incoming(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder, and deletes what a crash has left in it. */
    void prepare() throws IOException {
        Files.createDirectories(folder);
        for (Path leftover : leftovers()) {
            Files.delete(leftover);
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** A place for one more archive, which gets its place in the store so. */
    Deposit deposit(FileDeposit.Shelving shelving) throws IOException {
        return FileDeposit.create(folder.resolve(names.incrementAndGet() + ".part"), shelving);
    }
}
