package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The repository's files in a directory of their own: packs with their indexes, {@code tip} with the name of the commit,
 * {@code mirror-git-store} with the remote, by which the directory is known as ours, and {@code lock}.
 *
 * <p>Nothing is forced to the disk: what a power cut takes can be fetched again. A rename decides what counts, so that
 * a killed process leaves either the old tip or the new one.
 */
final class DiskPackFiles implements PackFiles {

    private static final String MARK = "mirror-git-store";
    private static final String TIP = "tip";
    private static final String LOCK = "lock";
    private static final String TEMPORARY = ".new";
    private static final Set<String> FIRST_STEPS = Set.of(LOCK, MARK + TEMPORARY);

    private final Path directory;
    private final FileChannel lock;

    private DiskPackFiles(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Opens the directory for us alone; what was fetched from another remote is forgotten. */
    static DiskPackFiles open(Path directory, GitRemote remote) {
        try {
            Files.createDirectories(directory);
            requireOurs(directory);
            return new DiskPackFiles(directory, lock(directory)).begin(remote);
        } catch (IOException e) {
            throw broken("opened", directory, e);
        }
    }

    /** Gives the lock back if it fails: the next try would find the directory in use. */
    private DiskPackFiles begin(GitRemote remote) throws IOException {
        try {
            delete(TIP + TEMPORARY);
            delete(MARK + TEMPORARY);
            forgetUnless(remote);
            return this;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public Collection<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("pack-"))
                    .toList();
        }
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(directory.resolve(name));
    }

    @Override
    public DfsOutputStream write(String name) {
        return new FileOutput(directory.resolve(name));
    }

    @Override
    public ReadableChannel read(String name) throws IOException {
        return new FileInput(directory.resolve(name));
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public Optional<ObjectId> tip() throws IOException {
        Optional<String> text = text(TIP);
        return text.filter(ObjectId::isId).map(ObjectId::fromString);
    }

    @Override
    public void tip(ObjectId commit) {
        replace(TIP, commit.name());
    }

    @Override
    public void clear() throws IOException {
        delete(TIP);
        for (String name : names()) {
            delete(name);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw broken("closed", directory, e);
        }
    }

    /** An empty directory is ours too, also with what a process leaves that is killed at its first step. */
    private static void requireOurs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            Set<String> names = files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            if (!names.contains(MARK) && !FIRST_STEPS.containsAll(names)) {
                throw new GitException.Storage("the directory " + directory + " is not empty and no store of a mirror."
                        + " Remedy: name a directory of its own for it.");
            }
        }
    }

    /** The system takes the lock from a process that dies. */
    private static FileChannel lock(Path directory) throws IOException {
        FileChannel file =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                return file;
            }
        } catch (OverlappingFileLockException e) {
            // Somebody in this process has it: the same answer.
        }
        file.close();
        throw new GitException.Storage("the Git store " + directory + " is in use by another mirror."
                + " Remedy: stop that one, or name another directory.");
    }

    private void forgetUnless(GitRemote remote) throws IOException {
        if (!text(MARK).equals(Optional.of(remote.display()))) {
            clear();
            replace(MARK, remote.display());
        }
    }

    private Optional<String> text(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file)
                ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private void replace(String name, String text) {
        Path temporary = directory.resolve(name + TEMPORARY);
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw broken("written", directory, e);
        }
    }

    static GitException broken(String verb, Path where, IOException cause) {
        return new GitException.Storage(
                "the Git store " + where + " cannot be " + verb + " (" + cause.getMessage()
                        + "). Remedy: look at the disk's space, health and rights.",
                cause);
    }
}
