package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/**
 * A folder of a tree, with its entries in Git's order.
 *
 * @param entries the entries
 */
record Folder(List<Entry> entries) {

    /**
     * An entry of a folder.
     *
     * @param name one component of a path
     * @param mode what it is
     * @param id the object it names
     */
    record Entry(String name, FileMode mode, ObjectId id) {

        boolean is(FileMode other) {
            return mode.equals(other);
        }

        /** Whether it is a file, executable or not. */
        boolean isFile() {
            return is(FileMode.REGULAR_FILE) || is(FileMode.EXECUTABLE_FILE);
        }

        /** The bytes by which Git sorts: a folder as if its name ended with a slash. */
        byte[] sortKey() {
            return (is(FileMode.TREE) ? name + "/" : name).getBytes(StandardCharsets.UTF_8);
        }
    }

    static Folder read(ObjectReader reader, ObjectId id) throws IOException {
        List<Entry> entries = new ArrayList<>();
        CanonicalTreeParser parser = new CanonicalTreeParser(null, reader, id);
        for (; !parser.eof(); parser.next(1)) {
            String name = PathRules.text(parser.getEntryPathBuffer(), 0, parser.getEntryPathLength());
            entries.add(new Entry(name, parser.getEntryFileMode(), parser.getEntryObjectId()));
        }
        return new Folder(entries);
    }

    Optional<Entry> find(String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    boolean hasLinks() {
        for (Entry entry : entries) {
            if (entry.is(FileMode.SYMLINK)) {
                return true;
            }
        }
        return false;
    }
}
