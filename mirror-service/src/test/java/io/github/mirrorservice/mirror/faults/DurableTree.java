package io.github.mirrorservice.mirror.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What of a directory is safe from a power cut. The bytes of a file are safe once the file is forced, a name once its folder
 * is; of all else a cut takes any part. A file system with a journal promises more: names are lost from the last one
 * backwards, and each force makes all names before it safe.
 */
final class DurableTree {

    private final Node root = Node.folder();
    private final List<Naming> namings = new ArrayList<>();
    private int journaled;

    /** A file, a folder or a link, whatever its name. */
    static final class Node {

        /** Those of a folder now, and those that are safe whatever happens. */
        private final Optional<Map<String, Node>> names;

        private final Map<String, Node> base = new TreeMap<>();
        private final Optional<Path> target;
        private byte[] safe = {};
        private final List<Write> unsafe = new ArrayList<>();

        private Node(Optional<Map<String, Node>> names, Optional<Path> target) {
            this.names = names;
            this.target = target;
        }

        static Node folder() {
            return new Node(Optional.of(new TreeMap<>()), Optional.empty());
        }

        static Node file() {
            return new Node(Optional.empty(), Optional.empty());
        }

        static Node link(Path target) {
            return new Node(Optional.empty(), Optional.of(target));
        }

        void write(long position, byte[] bytes) {
            unsafe.add(new Write(Math.toIntExact(position), bytes, false));
        }

        void truncate() {
            unsafe.add(new Write(0, new byte[0], true));
        }

        /** The bytes with every write that is not safe kept, lost or torn, as it comes. */
        private byte[] torn(Random random) {
            byte[] bytes = safe;
            for (Write write : unsafe) {
                bytes = switch (random.nextInt(3)) {
                    case 0 -> bytes;
                    case 1 -> write.on(bytes, random.nextInt(write.bytes.length + 1));
                    default -> write.on(bytes, write.bytes.length);
                };
            }
            return bytes;
        }

        private void force() {
            for (Write write : unsafe) {
                safe = write.on(safe, write.bytes.length);
            }
            unsafe.clear();
        }
    }

    /** Bytes at a position, or the end of all bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Write(int position, byte[] bytes, boolean empties) {

        byte[] on(byte[] content, int count) {
            byte[] next = empties ? new byte[0] : Arrays.copyOf(content, Math.max(content.length, position + count));
            System.arraycopy(bytes, 0, next, position, count);
            return next;
        }
    }

    /** A name that is taken from one folder, or given to a node in another, or both at once. */
    private static final class Naming {

        private final Optional<Place> from;
        private final Optional<Place> to;
        private final Node node;
        private boolean safe;

        Naming(Optional<Place> from, Optional<Place> to, Node node) {
            this.from = from;
            this.to = to;
            this.node = node;
        }

        boolean touches(Node folder) {
            return Stream.of(from, to).flatMap(Optional::stream).anyMatch(place -> place.folder == folder);
        }
    }

    private record Place(Node folder, String name) {}

    /** All that lies there now is safe. */
    void load(Path directory) throws IOException {
        namings.clear();
        journaled = 0;
        load(directory, root);
    }

    private static void load(Path directory, Node folder) throws IOException {
        folder.names.orElseThrow().clear();
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : (Iterable<Path>) children::iterator) {
                folder.names.orElseThrow().put(child.getFileName().toString(), loaded(child));
            }
        }
        folder.base.clear();
        folder.base.putAll(folder.names.orElseThrow());
    }

    private static Node loaded(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return Node.link(Files.readSymbolicLink(path));
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Node folder = Node.folder();
            load(path, folder);
            return folder;
        }
        Node file = Node.file();
        file.safe = Files.readAllBytes(path);
        return file;
    }

    /** What has this name now, by its path from the root; the root itself has the empty path. */
    Node at(Path path) {
        Node node = root;
        for (Path name : path) {
            if (!name.toString().isEmpty()) {
                node = Objects.requireNonNull(node.names.orElseThrow().get(name.toString()), path::toString);
            }
        }
        return node;
    }

    void add(Path path, Node node) {
        name(new Naming(Optional.empty(), Optional.of(place(path)), node));
    }

    void remove(Path path) {
        name(new Naming(Optional.of(place(path)), Optional.empty(), at(path)));
    }

    void move(Path from, Path to) {
        name(new Naming(Optional.of(place(from)), Optional.of(place(to)), at(from)));
    }

    private Place place(Path path) {
        Path folder = path.getParent();
        return new Place(folder == null ? root : at(folder), path.getFileName().toString());
    }

    private void name(Naming naming) {
        apply(naming, node -> node.names.orElseThrow());
        namings.add(naming);
    }

    private static void apply(Naming naming, Function<Node, Map<String, Node>> names) {
        naming.from.ifPresent(place -> names.apply(place.folder).remove(place.name, naming.node));
        naming.to.ifPresent(place -> names.apply(place.folder).put(place.name, naming.node));
    }

    /** Makes a file's bytes, or a folder's names, safe. */
    void force(Node node) {
        journaled = namings.size();
        if (node.names.isEmpty()) {
            node.force();
        } else {
            namings.stream().filter(naming -> naming.touches(node)).forEach(naming -> naming.safe = true);
        }
    }

    /** Makes everything safe. */
    void settle() {
        namings.clear();
        journaled = 0;
        settle(root);
    }

    private static void settle(Node node) {
        node.force();
        node.names.ifPresent(names -> {
            node.base.clear();
            node.base.putAll(names);
            names.values().forEach(DurableTree::settle);
        });
    }

    /** Cuts the power: leaves in the directory what a disk may hold then. */
    void cut(Path directory, Random random) throws IOException {
        Map<Node, Map<String, Node>> left = new HashMap<>();
        boolean journal = random.nextBoolean();
        int until = journaled + random.nextInt(namings.size() - journaled + 1);
        for (int i = 0; i < namings.size(); i++) {
            Naming naming = namings.get(i);
            if (journal ? i < until : naming.safe || random.nextBoolean()) {
                apply(naming, folder -> left.computeIfAbsent(folder, one -> new TreeMap<>(one.base)));
            }
        }
        clear(directory);
        write(root, directory, folder -> left.getOrDefault(folder, folder.base), random);
        load(directory);
    }

    private static void write(Node folder, Path path, Function<Node, Map<String, Node>> names, Random random)
            throws IOException {
        for (Map.Entry<String, Node> entry : names.apply(folder).entrySet()) {
            Path child = path.resolve(entry.getKey());
            Node node = entry.getValue();
            if (node.target.isPresent()) {
                Files.createSymbolicLink(child, node.target.get());
            } else if (node.names.isPresent()) {
                Files.createDirectory(child);
                write(node, child, names, random);
            } else {
                Files.write(child, node.torn(random));
            }
        }
    }

    /** Deletes all that is in a directory. */
    static void clear(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                if (!each.equals(directory)) {
                    Files.delete(each);
                }
            }
        }
    }
}
