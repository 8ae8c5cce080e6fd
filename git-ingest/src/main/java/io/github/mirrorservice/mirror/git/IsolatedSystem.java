package io.github.mirrorservice.mirror.git;

import java.util.Map;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * The machine as JGit may see it: without the Git configuration of the system or the user and without Git's environment
 * variables, so that the mirror does the same everywhere.
 */
final class IsolatedSystem extends SystemReader.Delegate {

    static {
        SystemReader.setInstance(new IsolatedSystem(SystemReader.getInstance()));
    }

    private IsolatedSystem(SystemReader machine) {
        super(machine);
    }

    /** Makes sure that JGit sees this machine; the first call does it for the whole process. */
    static void enter() {
        // The work is done by the static initializer: once, and before any caller goes on.
    }

    @Override
    public @Nullable String getenv(String variable) {
        return variable.startsWith("GIT_") ? null : super.getenv(variable);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return new EmptyConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return new EmptyConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new EmptyConfig(parent, fs);
    }

    /** A configuration without a file, and with two answers of ours. */
    private static final class EmptyConfig extends FileBasedConfig {

        private static final Map<String, String> ANSWERS = Map.of(
                // Otherwise JGit measures the clock of the file system, with probe files and for seconds.
                ConfigConstants.CONFIG_KEY_TIMESTAMP_RESOLUTION, "1 microseconds",
                // Saves a quarter of a cold first fetch. JGit's own detects forged collisions, which gain nothing here:
                // who can forge an object of the upstream can as well commit what he likes.
                ConfigConstants.SHA1_IMPLEMENTATION, "jdkNative");

        EmptyConfig(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public @Nullable String getString(String section, @Nullable String subsection, String name) {
            return ANSWERS.getOrDefault(name, super.getString(section, subsection, name));
        }

        @Override
        public void load() {
            // There is no file.
        }

        @Override
        public void save() {
            // JGit would write what it measured into the user's home.
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
