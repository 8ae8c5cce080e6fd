package io.github.mirrorservice.mirror.demo;

import java.util.Map;
import java.util.Optional;

/** The files of the repository that are not below {@code packages/}; like the public repository's. */
final class Root {

    private static final String REPO = """
            opam-version: "2.0"
            browse: "https://packages.example/pkg/"
            upstream: "https://forge.example/demo/opam-repository/tree/main/"
            announce: [
            \"""
            [WARNING] This opam is out of date. Please consider updating it (https://packages.example/install.html)
            \""" { opam-version < "2.0.10" |
                  (opam-version >= "2.1.0~~" & opam-version < "2.1.0") }
            \"""
            [INFO] opam 2.1 includes many improvements over 2.0; please consider upgrading
            \""" {opam-version >= "2.0.10" & opam-version < "2.1.0~~"}
            ]
            """;

    /** By path, as a commit takes them. */
    static final Map<String, Optional<byte[]>> FILES =
            Map.of("repo", Optional.of(Release.utf8(REPO)), "version", Optional.of(Release.utf8("0.9.0")));

    private Root() {}
}
