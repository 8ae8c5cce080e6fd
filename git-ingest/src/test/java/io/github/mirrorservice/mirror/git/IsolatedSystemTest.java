package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class IsolatedSystemTest {

    @BeforeEach
    void enter() {
        IsolatedSystem.enter();
    }

    @Test
    void no_configuration_of_the_machine_or_the_user_is_read_or_written() throws IOException, ConfigInvalidException {
        SystemReader system = SystemReader.getInstance();

        assertThat(system.getSystemConfig().toText()).isEmpty();
        assertThat(system.getUserConfig().toText()).isEmpty();
        assertThat(system.getJGitConfig().toText()).isEmpty();
        FileBasedConfig user = system.openUserConfig(system.getSystemConfig(), FS.DETECTED);
        assertThat(user.getFile()).isNull();
        user.setString("user", null, "name", "nobody");
        user.save();
    }

    @Test
    void no_variable_of_git_is_read() {
        SystemReader system = SystemReader.getInstance();

        assertThat(system.getenv("GIT_SSH")).isNull();
        assertThat(system.getenv("PATH")).isEqualTo(System.getenv("PATH"));
    }
}
