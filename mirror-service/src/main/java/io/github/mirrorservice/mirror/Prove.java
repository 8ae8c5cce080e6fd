package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.demo.DemoException;
import io.github.mirrorservice.mirror.demo.DemoRepository;
import io.github.mirrorservice.mirror.git.GitException;
import io.github.mirrorservice.mirror.git.GitRemote;
import io.github.mirrorservice.mirror.prove.Programs;
import io.github.mirrorservice.mirror.prove.Proof;
import io.github.mirrorservice.mirror.prove.ProofException;
import io.github.mirrorservice.mirror.prove.ProofPlan;
import io.github.mirrorservice.mirror.prove.Report;
import io.github.mirrorservice.mirror.prove.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The verb that measures what clients feel of ingests on this machine. */
@Command(
        name = "prove",
        description = {
            "Measures availability during ingest on this machine, needs no network, and writes the report.",
            "Exit status 0 if the mirror stays available, 1 if not."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class Prove implements Callable<Integer> {

    private static final int BLOCKING_THREADS = 8;

    @Option(
            names = "--remote",
            paramLabel = "URL",
            description =
                    "What the measured repository is made from, as for serve. Default: demo:4500, or demo:1000 with --quick")
    private Optional<String> remote = Optional.empty();

    @Option(names = "--quick", description = "Two minutes instead of nine.")
    private boolean quick;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "./proof",
            description = "Where availability.md, .json and .svg are written. Default: ${DEFAULT-VALUE}")
    private Path output = Path.of("");

    @Option(
            names = "--jvm-options",
            paramLabel = "OPTIONS",
            defaultValue = "-XX:+UseZGC -Xmx512m -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=10"
                    + " -XX:JavaPriority9_To_OSPriority=10 -XX:+DisplayVMOutputToStderr",
            description = "The options of the measured mirror's JVM. Default: ${DEFAULT-VALUE}")
    private String jvmOptions = "";

    @Option(
            names = "--launcher",
            paramLabel = "COMMAND",
            defaultValue = "",
            description = "What starts the measured mirror's JVM, such as \"taskset -c 0\". Default: nothing")
    private String launcher = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Logs.TEXT.start();
        Remote source = source();
        Files.createDirectories(output);
        Path place = Files.createTempDirectory("mirror-proof-");
        Scheduler blocking = Schedulers.newBoundedElastic(BLOCKING_THREADS, Integer.MAX_VALUE, "proof");
        try {
            return write(remote(source, place, blocking)
                    .flatMap(from -> proof(place, blocking).of(from))
                    .onErrorMap(Prove::isExplained, cause -> new StartException(String.valueOf(cause.getMessage())))
                    .blockOptional()
                    .orElseThrow());
        } finally {
            blocking.dispose();
            remove(place);
        }
    }

    /** What goes wrong outside of the program is told in one line. */
    private static boolean isExplained(Throwable cause) {
        return cause instanceof ProofException || cause instanceof GitException || cause instanceof DemoException;
    }

    private Remote source() {
        try {
            return Remote.parse(remote.orElse(quick ? "demo:1000" : "demo:4500"), Optional.empty());
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(spec.commandLine(), unusable.getMessage(), unusable);
        }
    }

    private static Mono<GitRemote> remote(Remote source, Path place, Scheduler blocking) {
        if (source instanceof Remote.Demo demo) {
            DemoRepository made = new DemoRepository(place.resolve("demo"), demo.size(), blocking);
            return made.create().thenReturn(made.remote());
        }
        return Mono.just(((Remote.Git) source).remote());
    }

    private Proof proof(Path place, Scheduler blocking) {
        List<String> mirror = program(words(launcher), words(jvmOptions), "serve");
        Programs programs = new Programs(mirror, program(List.of(), List.of(), ServeGit.NAME));
        return new Proof(quick ? ProofPlan.QUICK : ProofPlan.FULL, programs, place, blocking, System.err::println);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    /** The command of this very program in a process of its own. */
    private static List<String> program(List<String> launcher, List<String> options, String verb) {
        List<String> program = new ArrayList<>(launcher);
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(options);
        program.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), verb));
        return program;
    }

    private int write(Report report) throws IOException {
        Verdict verdict = report.verdict();
        String text = report.table() + "\n" + String.join("\n", verdict.lines()) + "\n\n"
                + (verdict.available()
                        ? "The mirror stays available while it ingests."
                        : "The mirror does NOT stay available.")
                + "\n";
        Files.writeString(output.resolve("availability.md"), text);
        Files.writeString(output.resolve("availability.json"), report.json());
        Files.writeString(output.resolve("availability.svg"), report.picture());
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
        return verdict.available() ? 0 : 1;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
