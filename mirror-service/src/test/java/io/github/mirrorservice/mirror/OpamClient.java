package io.github.mirrorservice.mirror;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real opam with a root of its own: it sees neither the settings nor the repositories of the person who runs the test. */
final class OpamClient {

    /** Names further opam executables to test with, as a list of paths. */
    static final String CLIENTS = "opam.clients";

    private final Tool opam;

    OpamClient(Path executable, Path home) {
        Map<String, String> environment = Map.of(
                "HOME", home.toString(),
                "OPAMROOT", home.resolve("root").toString(),
                "OPAMROOTISOK", "1",
                "OPAMYES", "1",
                "OPAMCOLOR", "never",
                "OPAMUTF8", "never",
                "LC_ALL", "C");
        this.opam = new Tool(executable, home, environment);
    }

    /** The opam that the PATH finds, if any, and those that {@link #CLIENTS} names. */
    static List<Path> executables() {
        return Stream.concat(Tool.named("opam").stream(), Tool.paths(System.getProperty(CLIENTS, "")))
                .toList();
    }

    /** Sets opam up with the repository at this address; returns what it said. */
    String init(String url) {
        return opam.run("init", "--bare", "--no-setup", "--disable-sandboxing", "default", url);
    }

    /** Fetches the repository again; returns what opam said. */
    String update() {
        return opam.run("update");
    }

    /** The names of all packages. */
    List<String> packages() {
        return opam.run("list", "--all", "--short").lines().toList();
    }

    /** All packages with their versions, as {@code NAME.VERSION}. */
    List<String> versions() {
        return opam.run("list", "--all", "--all-versions", "--short", "--columns=package")
                .lines()
                .map(String::strip)
                .toList();
    }

    /** The opam file of a version, as the repository has it. */
    String show(String nameAndVersion) {
        return opam.run("show", "--raw", nameAndVersion);
    }
}
