package io.github.mirrorservice.mirror.opam.format;

import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.opam.format.Item.Field;
import io.github.mirrorservice.mirror.opam.format.Item.Section;
import io.github.mirrorservice.mirror.opam.format.Value.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a section that names a download. */
final class Downloads {

    /** The fields that hold a section's main URL; the first one that is there counts. */
    private static final List<String> MAIN_URL = List.of("src", "archive", "http", "git", "darcs", "hg", "local");

    private static final List<String> OVER_HTTP = List.of("src", "archive", "http");

    /** The host of opam's Software Heritage identifiers. They have the form of a URL, but there is no file behind them. */
    private static final String SOFTWARE_HERITAGE = "swhid.opam.ocaml.org/";

    private final Remarks remarks;

    Downloads(Remarks remarks) {
        this.remarks = remarks;
    }

    /** The archive that a section names, empty if it is not one that is had over HTTP, but from version control or a file. */
    Optional<ArchiveRef> read(String label, Section section) {
        Map<String, Value> fields = fields(section.items());
        List<Text> urls = new ArrayList<>();
        mainUrl(section, fields).ifPresent(urls::add);
        urls.addAll(strings(fields, "mirrors"));
        return archive(label, urls, strings(fields, "checksum"));
    }

    /** The archive with these URLs and checksums, empty if none of the URLs is one of HTTP. */
    Optional<ArchiveRef> archive(String label, List<Text> urls, List<Text> checksums) {
        Set<String> overHttp = new LinkedHashSet<>();
        for (Text url : urls) {
            String text = url.text();
            if (isOverHttp(text)) {
                overHttp.add(withoutFragment(text));
            }
        }
        return overHttp.isEmpty()
                ? Optional.empty()
                : Optional.of(new ArchiveRef(label, List.copyOf(overHttp), digests(checksums)));
    }

    private Map<String, Value> fields(List<Item> items) {
        Map<String, Value> fields = new HashMap<>();
        for (Item item : items) {
            if (item instanceof Field field && fields.putIfAbsent(field.name(), field.value()) != null) {
                remarks.add(field.start(), "the field " + field.name() + " is there twice");
            }
        }
        return fields;
    }

    private Optional<Text> mainUrl(Section section, Map<String, Value> fields) {
        for (String name : MAIN_URL) {
            Value value = fields.get(name);
            if (value != null) {
                return OVER_HTTP.contains(name) ? string(value) : Optional.empty();
            }
        }
        remarks.add(section.start(), "the section " + section.kind() + " has no URL");
        return Optional.empty();
    }

    private List<Text> strings(Map<String, Value> fields, String name) {
        Value value = fields.get(name);
        if (value == null) {
            return List.of();
        }
        List<Text> strings = new ArrayList<>();
        for (Value one : value instanceof Value.Sequence sequence ? sequence.values() : List.of(value)) {
            string(one).ifPresent(strings::add);
        }
        return strings;
    }

    private Optional<Text> string(Value value) {
        if (value instanceof Text text) {
            return Optional.of(text);
        }
        remarks.add(value.start(), "expected a string");
        return Optional.empty();
    }

    private List<Digest> digests(List<Text> checksums) {
        List<Digest> digests = new ArrayList<>(1);
        for (Text checksum : checksums) {
            Optional<Digest> digest = digest(checksum);
            if (digest.isPresent() && !agrees(digest.get(), digests)) {
                remarks.add(checksum.start(), "contradicts an earlier checksum: no archive can meet both");
                return List.of();
            }
        }
        return digests;
    }

    private Optional<Digest> digest(Text checksum) {
        Optional<Digest> digest = Digest.parse(checksum.text());
        if (digest.isEmpty()) {
            remarks.add(checksum.start(), "not a checksum");
        }
        return digest;
    }

    /** Whether an earlier digest of the same algorithm is the same; if there is none, this becomes the earlier one. */
    private static boolean agrees(Digest digest, List<Digest> earlier) {
        for (Digest other : earlier) {
            if (other.algorithm() == digest.algorithm()) {
                return other.equals(digest);
            }
        }
        return earlier.add(digest);
    }

    private static boolean isOverHttp(String url) {
        String scheme = url.startsWith("https://") ? "https://" : "http://";
        return url.startsWith(scheme) && !url.startsWith(SOFTWARE_HERITAGE, scheme.length());
    }

    private static String withoutFragment(String url) {
        int fragment = url.indexOf('#');
        return fragment < 0 ? url : url.substring(0, fragment);
    }
}
