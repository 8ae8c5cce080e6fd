package io.github.mirrorservice.mirror.demo;

import java.util.List;

/** How a package is built, as opam files say it. */
enum BuildSystem {
    /** What dune writes into the opam files that it generates. */
    DUNE("\"dune\" {>= \"3.%d\"}", """
            build: [
              ["dune" "subst"] {dev}
              [
                "dune"
                "build"
                "-p"
                name
                "-j"
                jobs
                "@install"
                "@runtest" {with-test}
                "@doc" {with-doc}
              ]
            ]
            """),
    /** Dune, written by hand. */
    PLAIN_DUNE("\"dune\" {>= \"2.%d\"}", """
            build: [
              ["dune" "subst"] {dev}
              ["dune" "build" "-p" name "-j" jobs]
              ["dune" "runtest" "-p" name "-j" jobs] {with-test}
            ]
            """),
    /** The way before dune. */
    SETUP("\"ocamlfind\" {build & >= \"1.%d\"}\n\"ocamlbuild\" {build}", """
            build: [
              ["ocaml" "setup.ml" "-configure" "--prefix" prefix]
              ["ocaml" "setup.ml" "-build"]
              ["ocaml" "setup.ml" "-configure" "--enable-tests"] {with-test}
              ["ocaml" "setup.ml" "-test"] {with-test}
            ]
            install: ["ocaml" "setup.ml" "-install"]
            remove: ["ocamlfind" "remove" name]
            """),
    /** No source of its own: it tells whether the machine has a C library. */
    CONF("\"conf-pkg-config\" {build}", """
            build: ["pkg-config" name]
            flags: conf
            """);

    private final String tools;
    private final String instructions;

    BuildSystem(String tools, String instructions) {
        this.tools = tools;
        this.instructions = instructions;
    }

    static BuildSystem of(Dice dice) {
        int throwOf100 = dice.below(100);
        if (throwOf100 < 60) {
            return DUNE;
        }
        if (throwOf100 < 82) {
            return PLAIN_DUNE;
        }
        return throwOf100 < 96 ? SETUP : CONF;
    }

    /** The lines of {@code depends} for the tools it takes. */
    List<String> tools(int minorVersion) {
        return tools.formatted(minorVersion).lines().toList();
    }

    /** The fields {@code build} and what belongs to it. */
    String instructions() {
        return instructions;
    }
}
