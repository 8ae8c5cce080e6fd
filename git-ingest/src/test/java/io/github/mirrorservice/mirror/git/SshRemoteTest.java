package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Remotes that are spoken to over SSH, with the keys and the known hosts of a user. */
final class SshRemoteTest {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @TempDir
    private Path directory;

    private final String home = System.getProperty("user.home");
    private Upstream upstream;
    private SshServer server;
    private KeyPair host;
    private KeyPair user;

    @BeforeEach
    void open() throws IOException, GeneralSecurityException {
        upstream = new Upstream(directory.resolve("upstream.git"));
        host = key();
        user = key();
        System.setProperty("user.home", directory.toString());
        Files.createDirectory(directory.resolve(".ssh"));
        try (OutputStream out = Files.newOutputStream(directory.resolve(".ssh/id_ecdsa"))) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(user, "test", null, out);
        }
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setPublickeyAuthenticator((name, key, session) -> KeyUtils.compareKeys(key, user.getPublic()));
        server.setCommandFactory((channel, command) -> new UploadPackCommand(command, upstream));
        server.start();
    }

    @AfterEach
    void close() throws IOException {
        System.setProperty("user.home", home);
        server.stop(true);
        upstream.close();
    }

    @Test
    void it_is_fetched_from_first_and_again() throws IOException {
        know(host);
        try (GitMirror mirror = mirror()) {
            CommitId first = upstream.commit("a=1", "b=1");
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(first);

            CommitId second = upstream.commit("a=2");
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(second);
        }
    }

    @Test
    void a_host_that_is_not_known_is_refused() {
        try (GitMirror mirror = mirror()) {
            assertThat(Now.error(GitException.Unreachable.class, mirror.fetch()))
                    .hasMessageContaining("Remedy: see that ~/.ssh/known_hosts knows the host");
        }
        assertThat(directory.resolve(".ssh/known_hosts")).doesNotExist();
    }

    @Test
    void a_host_with_another_key_is_refused() throws IOException, GeneralSecurityException {
        know(key());
        try (GitMirror mirror = mirror()) {
            Now.error(GitException.Unreachable.class, mirror.fetch());
        }
    }

    @Test
    void a_user_without_the_right_key_is_refused() throws IOException {
        know(host);
        server.setPublickeyAuthenticator((name, key, session) -> false);
        try (GitMirror mirror = mirror()) {
            assertThat(Now.error(GitException.Unreachable.class, mirror.fetch()))
                    .hasMessageContaining("~/.ssh holds a key that it takes");
        }
    }

    private GitMirror mirror() {
        GitRemote remote = GitRemote.parse("ssh://git@127.0.0.1:" + server.getPort() + "/upstream.git");
        return GitMirror.inMemory(remote, GitLimits.STANDARD, lane.scheduler());
    }

    private void know(KeyPair key) throws IOException {
        String line = "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(key.getPublic()) + "\n";
        Files.writeString(directory.resolve(".ssh/known_hosts"), line);
    }

    private static KeyPair key() throws GeneralSecurityException {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(256);
        return keys.generateKeyPair();
    }

    /** What {@code git-upload-pack} does on a server. */
    private static final class UploadPackCommand extends AbstractCommandSupport {

        private final Upstream upstream;

        UploadPackCommand(String command, Upstream upstream) {
            super(command, null);
            this.upstream = upstream;
        }

        @Override
        public void run() {
            try (Repository opened = upstream.repository()) {
                UploadPack git = new UploadPack(opened);
                git.setExtraParameters(Set.of("version=2"));
                git.upload(getInputStream(), getOutputStream(), getErrorStream());
                onExit(0);
            } catch (IOException e) {
                onExit(1, String.valueOf(e.getMessage()));
            }
        }
    }
}
