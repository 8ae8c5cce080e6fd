package io.github.mirrorservice.mirror;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the verbs that look after a data directory have in common: where it is, and how they say what they found. */
final class UpkeepOptions {

    /** The exit status of a verb that found something that is not what it was, or not what it says. */
    static final int INTEGRITY = 4;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb = CommandSpec.create();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./mirror-data",
            description = "The data directory of the mirror. Default: ${DEFAULT-VALUE}")
    private Path data = Path.of("");

    Path data() {
        return data;
    }

    CommandLine command() {
        return verb.commandLine();
    }

    /** Writes a line to the standard output. */
    void say(String line) {
        command().getOut().println(line);
    }

    /** Writes a line to the standard error. */
    void complain(String line) {
        command().getErr().println(line);
    }
}
