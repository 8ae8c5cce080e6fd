package io.github.mirrorservice.mirror.opam.format;

import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.opam.format.Item.Field;
import io.github.mirrorservice.mirror.opam.format.Value.Option;
import io.github.mirrorservice.mirror.opam.format.Value.Sequence;
import io.github.mirrorservice.mirror.opam.format.Value.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code repo} of an opam repository: what clients learn about the repository as a whole. The mirror changes what it
 * must and leaves every other byte, comments and unknown fields included, as it is.
 */
public final class RepoFile {

    private static final String NAME = "repo";
    private static final String ARCHIVE_MIRRORS = "archive-mirrors";

    private final Source source;
    private final List<Item> items;

    private RepoFile(Source source) {
        this.source = source;
        this.items = Parser.parse(source, name -> true);
        requireKnownVersion();
    }

    /**
     * The file with this content, which is not written to.
     *
     * @throws OpamSyntaxException if it is not well-formed, or of a version that clients do not read it in: they would skip
     *     all of it
     */
    public static RepoFile parse(byte[] content) {
        return new RepoFile(new Source(NAME, content));
    }

    /** What a repository without such a file is served with. */
    public static RepoFile minimal() {
        return parse("opam-version: \"2.0\"\n".getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The file as the mirror serves it: stamped with the commit that it comes from, and without redirects to other hosts,
     * which would send clients away from the mirror for good. The same bytes for the same content and commit; content that
     * has been stamped before stays as it is but for the stamp.
     *
     * @param cache where clients find archives, before all places that the file names: a URL, or the rest of one behind that
     *     of the repository; empty if they are not served
     */
    public byte[] stampedWith(CommitId commit, Optional<String> cache) {
        String stamp = "stamp: \"" + commit.hex() + '"';
        Splice out = new Splice(source.bytes());
        boolean stamped = false;
        boolean pointed = cache.isEmpty();
        for (Item item : items) {
            if (isField(item, "stamp")) {
                out.replace(item.start(), item.end(), stamped ? "" : stamp);
                stamped = true;
            } else if (item instanceof Field field && isField(item, "redirect")) {
                removeAbsolute(field, out);
            } else if (item instanceof Field field && isField(item, ARCHIVE_MIRRORS) && !pointed) {
                putFirst(cache.orElseThrow(), field, out);
                pointed = true;
            }
        }
        if (!pointed) {
            out.addLine(ARCHIVE_MIRRORS + ": [" + quoted(cache.orElseThrow()) + "]");
        }
        if (!stamped) {
            out.addLine(stamp);
        }
        return out.bytes();
    }

    /** What clients could not read as a list of places is no such list, and gives way. */
    private static void putFirst(String cache, Field mirrors, Splice out) {
        Value value = mirrors.value();
        List<Value> all = value instanceof Sequence list ? list.values() : List.of(value);
        if (!all.stream().allMatch(Text.class::isInstance)) {
            out.replace(value.start(), value.end(), "[" + quoted(cache) + "]");
        } else if (all.isEmpty() || !((Text) all.get(0)).text().equals(cache)) {
            boolean listed = value instanceof Sequence;
            out.replace(value.start(), value.start() + (listed ? 1 : 0), "[" + quoted(cache) + " ");
            out.replace(value.end(), value.end(), listed ? "" : "]");
        }
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private void removeAbsolute(Field redirect, Splice out) {
        List<Value> all = redirect.value() instanceof Sequence list ? list.values() : List.of(redirect.value());
        List<Value> absolute = all.stream().filter(one -> !isRelative(one)).toList();
        if (absolute.size() == all.size()) {
            out.replace(redirect.start(), redirect.end(), "");
        } else {
            // A blank in its place keeps the neighbours apart.
            absolute.forEach(one -> out.replace(one.start(), one.end(), " "));
        }
    }

    /** Clients take a redirect with {@code ://} for a URL, and append any other to the URL that they have. */
    private static boolean isRelative(Value redirect) {
        Value target = redirect instanceof Option filtered ? filtered.value() : redirect;
        return target instanceof Text text && !text.text().contains("://");
    }

    private void requireKnownVersion() {
        List<Item> versions = items.stream()
                .filter(item -> isField(item, FormatVersion.FIELD))
                .toList();
        for (Item item : versions) {
            if (FormatVersion.declaredBy(item)
                    .filter(version -> version.compareTo(FormatVersion.V2_0) <= 0)
                    .isEmpty()) {
                throw source.broken(item.start(), "expected opam-version: \"2.0\", the newest that clients read here");
            }
        }
        if (versions.size() > 1) {
            throw source.broken(versions.get(1).start(), "opam-version cannot be repeated");
        }
    }

    private static boolean isField(Item item, String name) {
        return item instanceof Field field && field.name().equals(name);
    }
}
