package io.github.mirrorservice.mirror.opam.format;

import io.github.mirrorservice.mirror.opam.format.Value.Option;
import io.github.mirrorservice.mirror.opam.format.Value.Sequence;
import io.github.mirrorservice.mirror.opam.format.Value.Text;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the field {@code extra-sources: [["URL" "CHECKSUM"] ["URL" {"NAME"} "CHECKSUM"]]} of format 1.2, which newer clients
 * still understand.
 */
final class ExtraSources {

    private final Downloads downloads;
    private final Remarks remarks;

    ExtraSources(Downloads downloads, Remarks remarks) {
        this.downloads = downloads;
        this.remarks = remarks;
    }

    /** What an {@link ArchiveRef} of an extra source is called. */
    static String label(String name) {
        return "extra-source " + name;
    }

    Stream<ArchiveRef> read(Value value) {
        return entries(value).flatMap(entry -> entry(entry).stream());
    }

    /** A lone entry may stand without the outer brackets. */
    private static Stream<Value> entries(Value value) {
        return value instanceof Sequence outer
                        && !outer.values().isEmpty()
                        && outer.values().get(0) instanceof Sequence
                ? outer.values().stream()
                : Stream.of(value);
    }

    private Optional<ArchiveRef> entry(Value entry) {
        if (entry instanceof Sequence pair
                && pair.values().size() == 2
                && pair.values().get(1) instanceof Text checksum) {
            return archive(pair.values().get(0), checksum);
        }
        return refuse(entry);
    }

    private Optional<ArchiveRef> archive(Value url, Text checksum) {
        if (url instanceof Text text) {
            return archive(baseName(text.text()), text, checksum);
        }
        if (url instanceof Option named
                && named.value() instanceof Text text
                && named.options().size() == 1
                && named.options().get(0) instanceof Text name) {
            return archive(name.text(), text, checksum);
        }
        return refuse(url);
    }

    private Optional<ArchiveRef> archive(String name, Text url, Text checksum) {
        return downloads.archive(label(name), List.of(url), List.of(checksum));
    }

    private Optional<ArchiveRef> refuse(Value value) {
        remarks.add(value.start(), "expected [\"URL\" \"CHECKSUM\"] or [\"URL\" {\"NAME\"} \"CHECKSUM\"]");
        return Optional.empty();
    }

    private static String baseName(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
