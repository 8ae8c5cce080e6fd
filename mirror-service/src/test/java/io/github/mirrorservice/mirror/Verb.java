package io.github.mirrorservice.mirror;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/**
 * How a run of the command line ended.
 *
 * @param status its exit status
 * @param out what it said
 * @param err what it complained of
 */
record Verb(int status, String out, String err) {

    /** Runs a verb, as a shell would. */
    static Verb run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        CommandLine command = Main.commandLine(Map.of(), words);
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return new Verb(command.execute(words), out.toString(), err.toString());
    }
}
