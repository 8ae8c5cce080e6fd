package io.github.mirrorservice.mirror.faults;

import io.github.mirrorservice.mirror.faults.DurableTree.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;

/**
 * A disk that a test breaks, before a real directory. It counts every call that changes something, in order; at any of them the
 * process that makes it may be killed, or the call may fail, as once or for as long as the disk is full; and at any time the
 * power may be cut. For one thread.
 */
public final class FaultyDisk extends FilterFileSystemProvider {

    /** What a process asks of a disk, as far as it changes something. */
    public enum Call {
        /** Make a folder. */
        FOLDER(true),
        /** Make a file. */
        CREATE(true),
        /** Make a link. */
        LINK(true),
        /** Write bytes. */
        WRITE(true),
        /** Have a file's bytes or a folder's names on the disk. */
        FORCE(false),
        /** Give something another name. */
        MOVE(false),
        /** Take a name away. */
        DELETE(false);

        private final boolean takesSpace;

        Call(boolean takesSpace) {
            this.takesSpace = takesSpace;
        }

        boolean takesSpace() {
            return takesSpace;
        }
    }

    /** What goes wrong with a call, by its number from 0. */
    @FunctionalInterface
    public interface Fault {

        /** Nothing goes wrong. */
        Fault NONE = (number, call) -> {};

        /** Fails if the call does. */
        void strike(long number, Call call) throws IOException;

        /** One call fails. */
        static Fault once(long at) {
            return (number, call) -> {
                if (number == at) {
                    throw new IOException("Input/output error");
                }
            };
        }

        /** For some calls there is no space left. */
        static Fault full(long from, long until) {
            return (number, call) -> {
                if (number >= from && number < until && call.takesSpace()) {
                    throw new IOException("No space left on device");
                }
            };
        }
    }

    /** That the process was killed: it must not get further. */
    private static final class Killed extends IOException {

        private static final long serialVersionUID = 1;

        Killed() {
            super("killed");
        }
    }

    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final Path directory;
    private final DurableTree tree = new DurableTree();
    private final List<FileChannel> open = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private Fault fault = Fault.NONE;
    private long killAt = Long.MAX_VALUE;
    private long strikes;

    /** A disk that holds what is in this directory, and is sound. */
    public FaultyDisk(Path directory) throws IOException {
        super("faulty://", directory.getFileSystem());
        this.directory = directory;
        tree.load(directory);
    }

    /** The directory as the process that is tested sees it. */
    public Path path() {
        return wrapPath(directory);
    }

    /** The same directory on the disk that is sound. */
    public Path real() {
        return directory;
    }

    /** How many calls there were so far. */
    public long calls() {
        return calls.size();
    }

    /** How many calls have failed. */
    public long strikes() {
        return strikes;
    }

    /** From now on this goes wrong. */
    public void breaks(Fault next) {
        fault = next;
    }

    /** The call with this number is the last, and is done by half, if that can be. */
    public void killAt(long number) {
        killAt = number;
    }

    /** Whether the process was killed. */
    public boolean isKilled() {
        return calls.size() > killAt;
    }

    /** Ends the process, if it has not ended; what it has written is there for the next one. */
    public void restart() throws IOException {
        for (FileChannel each : open) {
            each.close();
        }
        open.clear();
        mend();
    }

    /** From now on nothing goes wrong. */
    public void mend() {
        killAt = Long.MAX_VALUE;
        fault = Fault.NONE;
    }

    /** Ends the process and takes away what was not forced to the disk, or any part of it. */
    public void cutPower(long seed) throws IOException {
        restart();
        // Random begins alike for seeds that are near each other.
        tree.cut(directory, new Random(seed * SPREAD));
    }

    /** Some time without calls: the system has written everything to the disk. */
    public void settle() {
        tree.settle();
    }

    /** Takes over what somebody else has changed in the directory while no process runs. */
    public void reload() throws IOException {
        tree.load(directory);
    }

    private void step(Call call) throws IOException {
        long number = calls.size();
        calls.add(call);
        if (number >= killAt) {
            throw new Killed();
        }
        try {
            fault.strike(number, call);
        } catch (IOException struck) {
            strikes++;
            throw struck;
        }
    }

    private Path relative(Path path) {
        return directory.relativize(toDelegate(path).toAbsolutePath());
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        if (Files.exists(toDelegate(path), LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        step(Call.FOLDER);
        super.createDirectory(path, attributes);
        tree.add(relative(path), Node.folder());
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        step(Call.LINK);
        Files.createSymbolicLink(toDelegate(link), target, attributes);
        tree.add(relative(link), Node.link(target));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return Files.readSymbolicLink(toDelegate(link));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        step(Call.MOVE);
        super.move(source, target, options);
        tree.move(relative(source), relative(target));
    }

    /** As slow programs do it: byte by byte, so to speak, into the file that may be there. */
    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        try (OutputStream out = newOutputStream(target)) {
            out.write(Files.readAllBytes(toDelegate(source)));
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!deleteIfExists(path)) {
            throw new NoSuchFileException(path.toString());
        }
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        boolean there = Files.exists(toDelegate(path), LinkOption.NOFOLLOW_LINKS);
        if (there) {
            step(Call.DELETE);
            super.delete(path);
            tree.remove(relative(path));
        }
        return there;
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        return Channels.newOutputStream(newFileChannel(
                path,
                options.length == 0
                        ? Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE)
                        : Set.of(options)));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        boolean created = !Files.exists(toDelegate(path))
                && (options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW));
        boolean cut = !created && options.contains(StandardOpenOption.TRUNCATE_EXISTING);
        if (created || cut) {
            step(created ? Call.CREATE : Call.WRITE);
        }
        FileChannel real = super.newFileChannel(path, options, attributes);
        if (created) {
            tree.add(relative(path), Node.file());
        }
        Node node = tree.at(relative(path));
        if (cut) {
            node.truncate();
        }
        Channel channel = new Channel(real, node);
        open.add(channel);
        return channel;
    }

    /** A file that is open. */
    private final class Channel extends FilterFileChannel {

        private final Node node;

        Channel(FileChannel real, Node node) {
            super(real);
            this.node = node;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            long position = position();
            int count = write(bytes, position);
            position(position + count);
            return count;
        }

        @Override
        public int write(ByteBuffer bytes, long position) throws IOException {
            try {
                step(Call.WRITE);
            } catch (IOException struck) {
                if (calls.size() == killAt + 1) {
                    put(bytes.slice(bytes.position(), bytes.remaining() / 2), position);
                }
                throw struck;
            }
            return put(bytes, position);
        }

        private int put(ByteBuffer bytes, long position) throws IOException {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            node.write(position, copy);
            return delegate.write(bytes, position);
        }

        @Override
        public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
            throw new UnsupportedOperationException("not needed so far");
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            throw new UnsupportedOperationException("not needed so far");
        }

        @Override
        public void force(boolean metadata) throws IOException {
            step(Call.FORCE);
            // Power is cut on paper only, so the real disk need not be bothered.
            tree.force(node);
        }
    }
}
