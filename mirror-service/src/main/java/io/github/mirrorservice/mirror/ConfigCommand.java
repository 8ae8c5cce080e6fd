package io.github.mirrorservice.mirror;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The verb that tells what a mirror would be told. */
@Command(
        name = "config",
        description = "Shows and checks the configuration of a mirror that was started with the same options.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        subcommands = {ConfigShow.class, ConfigCommand.Check.class, ConfigCommand.Schema.class})
final class ConfigCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "config show, config check, or config schema?");
    }

    /** Whether a mirror would start with it. */
    @Command(
            name = "check",
            description = "Says whether it can be used. Exit status 2 if not.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            usageHelpAutoWidth = true)
    static final class Check implements Callable<Integer> {

        @Mixin
        private final ServeOptions options = new ServeOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            try {
                new Listeners(options.settings(spec).listen());
            } catch (StartException unusable) {
                throw new ParameterException(spec.commandLine(), String.valueOf(unusable.getMessage()), unusable);
            }
            spec.commandLine().getOut().println("it can be used");
            return 0;
        }
    }

    /** What a configuration file may say, for editors. */
    @Command(
            name = "schema",
            description = "Prints the JSON Schema of configuration files.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            usageHelpAutoWidth = true)
    static final class Schema implements Callable<Integer> {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            spec.commandLine().getOut().println(ConfigSchema.of(spec.root()));
            return 0;
        }
    }
}
