package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession2;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.SshdSession;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.eclipse.jgit.util.FS;

/**
 * Opens SSH sessions with the keys, the configuration and the known hosts of the user's {@code ~/.ssh}. A host that is
 * not known is refused: there is nobody to ask.
 */
final class SshLines extends SshSessionFactory {

    private final FetchGuard guard;

    SshLines(FetchGuard guard) {
        this.guard = guard;
    }

    @Override
    public String getType() {
        return "mirror";
    }

    @Override
    public RemoteSession2 getSession(URIish address, CredentialsProvider credentials, FS fs, int milliseconds)
            throws TransportException {
        SshdSession session = sessions().getSession(address, credentials, fs, milliseconds);
        guard.closeOnCut(session::disconnect);
        return new GuardedSession(session, guard);
    }

    /** Made for each session: other remotes never load its classes, and keys may change between two fetches. */
    private static SshdSessionFactory sessions() {
        Path home = Path.of(System.getProperty("user.home"));
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(home.resolve(".ssh").toFile())
                .setPreferredAuthentications("publickey,password")
                .build(null);
    }

    private record GuardedSession(SshdSession session, FetchGuard guard) implements RemoteSession2 {

        @Override
        public Process exec(String command, int seconds) throws IOException {
            return exec(command, Map.of(), seconds);
        }

        @Override
        public Process exec(String command, Map<String, String> environment, int seconds) throws IOException {
            Process process = session.exec(command, environment, seconds);
            return new GuardedProcess(process, guard.watch(process.getInputStream()));
        }

        @Override
        public void disconnect() {
            session.disconnect();
        }
    }

    /** The remote's command with its output counted. */
    private static final class GuardedProcess extends Process {

        private final Process process;
        private final InputStream output;

        GuardedProcess(Process process, InputStream output) {
            this.process = process;
            this.output = output;
        }

        @Override
        public OutputStream getOutputStream() {
            return process.getOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return output;
        }

        @Override
        public InputStream getErrorStream() {
            return process.getErrorStream();
        }

        @Override
        public int waitFor() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public int exitValue() {
            return process.exitValue();
        }

        @Override
        public void destroy() {
            process.destroy();
        }
    }
}
