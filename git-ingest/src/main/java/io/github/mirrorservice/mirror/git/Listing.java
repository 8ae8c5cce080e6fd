package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/** All files of a tree in the order of their paths, with its symbolic links resolved. */
final class Listing implements TreeSource {

    private final ObjectReader reader;
    private final ObjectId root;
    private final PathRules rules;
    private final Deque<Level> levels = new ArrayDeque<>();
    private boolean sawLinks;

    Listing(ObjectReader reader, ObjectId root, GitLimits.Tree limits) throws IOException {
        this.reader = reader;
        this.root = root;
        this.rules = new PathRules(limits);
        enter("", "", root);
    }

    /** Whether a tree holds symbolic links; looks at all of it. */
    static boolean hasLinks(ObjectReader reader, ObjectId root, GitLimits.Tree limits) throws IOException {
        Listing listing = new Listing(reader, root, limits);
        while (!listing.sawLinks && listing.next().isPresent()) {
            // The listing takes note of links by itself.
        }
        return listing.sawLinks;
    }

    @Override
    public Optional<TreeChange> next() throws IOException {
        while (!levels.isEmpty()) {
            Level level = levels.element();
            if (!level.rest().hasNext()) {
                levels.pop();
                continue;
            }
            Optional<TreeChange> file = visit(level, level.rest().next());
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    /** Whether a link was met so far. */
    boolean sawLinks() {
        return sawLinks;
    }

    private Optional<TreeChange> visit(Level level, Place place) throws IOException {
        rules.count();
        String path = level.prefix() + place.entry().name();
        rules.requireDepth(levels.size(), path);
        rules.requireLength(path);
        if (place.entry().is(FileMode.TREE)) {
            enter(path + "/", place.realPath() + "/", place.entry().id());
            return Optional.empty();
        }
        return place.entry().isFile()
                ? Optional.of(
                        new TreeChange.Put(path, new BlobId(place.entry().id().name())))
                : Optional.empty();
    }

    private void enter(String prefix, String realPrefix, ObjectId id) throws IOException {
        List<Place> places = new ArrayList<>();
        Folder folder = Folder.read(reader, id);
        for (Folder.Entry entry : folder.entries()) {
            if (entry.is(FileMode.SYMLINK)) {
                follow(entry, realPrefix).ifPresent(places::add);
            } else {
                places.add(new Place(entry, realPrefix + entry.name()));
            }
        }
        if (folder.hasLinks()) {
            sawLinks = true;
            // A link to a folder stood where a file of its name stands.
            places.sort(Place.ORDER);
        }
        levels.push(new Level(prefix, realPrefix, places.iterator()));
    }

    private Optional<Place> follow(Folder.Entry link, String folder) throws IOException {
        return Links.follow(reader, root, folder, link.id())
                .filter(target -> !isAround(target, folder))
                .map(target -> new Place(new Folder.Entry(link.name(), target.mode(), target.id()), target.path()));
    }

    /** Whether a target is a folder that holds this one, or one that is being listed: it would never end. */
    private boolean isAround(Links.Target target, String folder) {
        String prefix = target.path().isEmpty() ? "" : target.path() + "/";
        return target.isFolder()
                && (folder.startsWith(prefix)
                        || levels.stream().anyMatch(level -> level.realPrefix().startsWith(prefix)));
    }

    /**
     * A folder that is being listed.
     *
     * @param prefix what its files' paths begin with
     * @param realPrefix the same, but where it really lies
     * @param rest its entries that are still to come
     */
    private record Level(String prefix, String realPrefix, Iterator<Place> rest) {}

    /**
     * An entry, with a link's target in place of the link.
     *
     * @param entry what it is
     * @param realPath where that really lies
     */
    private record Place(Folder.Entry entry, String realPath) {

        static final Comparator<Place> ORDER =
                Comparator.comparing(place -> place.entry().sortKey(), Arrays::compareUnsigned);
    }
}
