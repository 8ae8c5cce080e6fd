package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Finds what a symbolic link of a tree points to, as a file system would, without ever leaving the tree. One instance
 * resolves one link.
 */
final class Links {

    /** Links that may be followed for one; Linux allows 40. */
    private static final int CHAIN = 8;

    /** The longest text of a link in bytes, as on Linux. */
    private static final int TEXT = 4096;

    /**
     * What a link points to.
     *
     * @param path its real path from the root
     * @param mode a file or a folder
     * @param id the blob or the tree
     */
    record Target(String path, FileMode mode, ObjectId id) {

        boolean isFolder() {
            return mode.equals(FileMode.TREE);
        }

        Target child(Folder.Entry entry) {
            return new Target(path.isEmpty() ? entry.name() : path + "/" + entry.name(), entry.mode(), entry.id());
        }
    }

    private final ObjectReader reader;
    private final Deque<Target> here = new ArrayDeque<>();
    private final Deque<String> way = new ArrayDeque<>();
    private int followed;

    private Links(ObjectReader reader, ObjectId root) {
        this.reader = reader;
        here.push(new Target("", FileMode.TREE, root));
    }

    /**
     * Follows a link.
     *
     * @param root the tree
     * @param folder the real path of the folder that holds the link
     * @param link the blob with the link's text
     * @return nothing for a link that is absolute, leaves the tree, dangles, goes in circles, or ends at a submodule
     */
    static Optional<Target> follow(ObjectReader reader, ObjectId root, String folder, ObjectId link)
            throws IOException {
        Links links = new Links(reader, root);
        boolean relative = links.expand(link);
        links.prepend(folder);
        return relative && links.walk() ? Optional.of(links.here.element()) : Optional.empty();
    }

    private boolean walk() throws IOException {
        while (!way.isEmpty()) {
            if (!step(way.pop())) {
                return false;
            }
        }
        return true;
    }

    private boolean step(String name) throws IOException {
        if (name.isEmpty() || name.equals(".")) {
            return true;
        }
        if (name.equals("..")) {
            here.pop();
            return !here.isEmpty();
        }
        Target folder = here.element();
        Optional<Folder.Entry> entry =
                folder.isFolder() ? Folder.read(reader, folder.id()).find(name) : Optional.empty();
        return entry.isPresent() && enter(folder, entry.get());
    }

    private boolean enter(Target folder, Folder.Entry entry) throws IOException {
        if (entry.is(FileMode.SYMLINK)) {
            return expand(entry.id());
        }
        here.push(folder.child(entry));
        return entry.isFile() || entry.is(FileMode.TREE);
    }

    /** Puts the text of a link before the rest of the way. */
    private boolean expand(ObjectId link) throws IOException {
        followed++;
        ObjectLoader text = reader.open(link, Constants.OBJ_BLOB);
        if (followed > CHAIN || text.getSize() > TEXT) {
            return false;
        }
        String target = new String(text.getCachedBytes(), StandardCharsets.UTF_8);
        prepend(target);
        return !target.startsWith("/");
    }

    private void prepend(String path) {
        List<String> steps = List.of(path.split("/"));
        for (int i = steps.size() - 1; i >= 0; i--) {
            way.push(steps.get(i));
        }
    }
}
