package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.http.Disk;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The directory of everything that is kept, locked against a second process. It may be deleted while nothing runs. */
final class DataDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory if need be, locks it, and takes away what a killed process had begun; fails with
     * {@link StartException}.
     */
    static DataDirectory open(Path path) {
        return open(path, "--data");
    }

    /** The same for a directory that this option names. */
    static DataDirectory open(Path path, String option) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StartException(path
                        + " is in use by another mirror-service: stop it, or name another directory with " + option);
            }
            Leftovers.sweep(path);
            return new DataDirectory(path, channel);
        } catch (IOException e) {
            throw new StartException(
                    "cannot use the directory " + path + " (" + e + "): name one that is writable with " + option);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** The directory itself. */
    Path path() {
        return path;
    }

    /** Where Git objects live. */
    Path git() {
        return path.resolve("git");
    }

    /** Where the generated repository lives. */
    Path demo() {
        return path.resolve("demo.git");
    }

    /** The disk that it is on. */
    Disk disk() {
        File directory = path.toFile();
        return new Disk(directory.getUsableSpace(), directory.getTotalSpace());
    }

    /** Lets another process have it. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StartException("cannot unlock " + path + ": " + e);
        }
    }
}
