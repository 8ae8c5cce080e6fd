package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/** Rewrites the folders that edits touch, and no other. */
final class TreeWriter {

    private final ObjectReader reader;
    private final ObjectInserter inserter;

    TreeWriter(ObjectReader reader, ObjectInserter inserter) {
        this.reader = reader;
        this.inserter = inserter;
    }

    /** Writes the tree that the edits make of this one, or of nothing. */
    ObjectId apply(List<TreeEdit> edits, Optional<ObjectId> tree) throws IOException {
        return write(edited(edits, tree));
    }

    private Map<String, Entry> edited(List<TreeEdit> edits, Optional<ObjectId> tree) throws IOException {
        Map<String, Entry> entries = entries(tree);
        Map<String, List<TreeEdit>> byName =
                edits.stream().collect(Collectors.groupingBy(TreeEdit::first, TreeMap::new, Collectors.toList()));
        for (Map.Entry<String, List<TreeEdit>> group : byName.entrySet()) {
            edit(entries, group.getKey(), group.getValue());
        }
        return entries;
    }

    /** Removals of a name come before what is put in its place: a file may become a folder and the other way round. */
    private void edit(Map<String, Entry> entries, String name, List<TreeEdit> edits) throws IOException {
        List<TreeEdit> below = new ArrayList<>();
        List<TreeEdit> here = new ArrayList<>();
        for (TreeEdit edit : edits) {
            (edit.isBelow() ? below : here).add(edit);
        }
        for (TreeEdit edit : here) {
            if (edit.content().isEmpty()) {
                entries.remove(name);
            }
        }
        if (!below.isEmpty()) {
            descend(entries, name, below.stream().map(TreeEdit::below).toList());
        }
        for (TreeEdit edit : here) {
            if (edit.content().isPresent()) {
                entries.put(name, leaf(edit, edit.content().get()));
            }
        }
    }

    private void descend(Map<String, Entry> entries, String name, List<TreeEdit> edits) throws IOException {
        Optional<ObjectId> folder =
                Optional.ofNullable(entries.get(name)).filter(Entry::isFolder).map(Entry::id);
        Map<String, Entry> children = edited(edits, folder);
        if (children.isEmpty()) {
            entries.remove(name);
        } else {
            entries.put(name, new Entry(FileMode.TREE, write(children)));
        }
    }

    private Entry leaf(TreeEdit edit, byte[] content) throws IOException {
        boolean isBlob = !edit.mode().equals(FileMode.GITLINK) && !edit.mode().equals(FileMode.TREE);
        ObjectId id = isBlob ? inserter.insert(Constants.OBJ_BLOB, content) : ObjectId.fromString(content, 0);
        return new Entry(edit.mode(), id);
    }

    private Map<String, Entry> entries(Optional<ObjectId> tree) throws IOException {
        Map<String, Entry> entries = new TreeMap<>();
        if (tree.isPresent()) {
            CanonicalTreeParser parser = new CanonicalTreeParser(null, reader, tree.get());
            for (; !parser.eof(); parser.next(1)) {
                entries.put(
                        parser.getEntryPathString(), new Entry(parser.getEntryFileMode(), parser.getEntryObjectId()));
            }
        }
        return entries;
    }

    private ObjectId write(Map<String, Entry> entries) throws IOException {
        TreeFormatter folder = new TreeFormatter();
        entries.entrySet().stream()
                .sorted(Comparator.comparing(TreeWriter::sortKey, Arrays::compareUnsigned))
                .forEach(entry -> folder.append(
                        entry.getKey(),
                        entry.getValue().mode(),
                        entry.getValue().id()));
        return inserter.insert(folder);
    }

    /** Git sorts a folder as if its name ended with a slash. */
    private static byte[] sortKey(Map.Entry<String, Entry> entry) {
        String name = entry.getKey() + (entry.getValue().isFolder() ? "/" : "");
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private record Entry(FileMode mode, ObjectId id) {

        boolean isFolder() {
            return mode.equals(FileMode.TREE);
        }
    }
}
