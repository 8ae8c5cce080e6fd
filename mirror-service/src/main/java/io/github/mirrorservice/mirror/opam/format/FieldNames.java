package io.github.mirrorservice.mirror.opam.format;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The names of fields and sections that most opam files have. An index is made of hundreds of thousands of them: each of
 * these names is one string, and no other is made for it.
 */
final class FieldNames {

    /** A power of two, more than ten times as many as names: where two share a place, one is made anew each time. */
    private static final int PLACES = 1024;

    private static final @Nullable String[] TABLE = table(
            "opam-version",
            "name",
            "version",
            "maintainer",
            "authors",
            "license",
            "homepage",
            "doc",
            "bug-reports",
            "tags",
            "depends",
            "depopts",
            "conflicts",
            "conflict-class",
            "available",
            "flags",
            "setenv",
            "build",
            "build-env",
            "install",
            "run-test",
            "remove",
            "substs",
            "patches",
            "depexts",
            "messages",
            "post-messages",
            "dev-repo",
            "pin-depends",
            "extra-files",
            "extra-source",
            "extra-sources",
            "synopsis",
            "description",
            "url",
            "src",
            "archive",
            "http",
            "git",
            "checksum",
            "mirrors",
            "build-test",
            "build-doc",
            "features",
            "subpath",
            "browse",
            "upstream",
            "redirect",
            "stamp");

    private FieldNames() {}

    /** The text of these bytes. */
    static String of(byte[] bytes, int start, int end) {
        String known = TABLE[place(bytes, start, end)];
        return known != null && isText(known, bytes, start, end)
                ? known
                : new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    private static boolean isText(String known, byte[] bytes, int start, int end) {
        if (known.length() != end - start) {
            return false;
        }
        for (int i = 0; i < known.length(); i++) {
            if (known.charAt(i) != bytes[start + i]) {
                return false;
            }
        }
        return true;
    }

    private static int place(byte[] bytes, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ (hash >>> 16)) & (PLACES - 1);
    }

    private static @Nullable String[] table(String... names) {
        @Nullable String[] table = new String[PLACES];
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            table[place(bytes, 0, bytes.length)] = name;
        }
        return table;
    }
}
