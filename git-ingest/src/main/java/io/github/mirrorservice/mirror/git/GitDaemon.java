package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.transport.Daemon;
import org.eclipse.jgit.transport.ServiceMayNotContinueException;

/**
 * Serves one bare repository on loopback by Git's own protocol: an upstream for a measurement or a test. It sends objects as
 * they lie on disk, so that little of its machine's time goes into packs.
 */
public final class GitDaemon implements AutoCloseable {

    private final Daemon daemon;

    private GitDaemon(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Listens on a free port from now on; fails with {@link UncheckedIOException}. */
    public static GitDaemon serve(Path repository) {
        IsolatedSystem.enter();
        Daemon daemon = new Daemon(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        PackConfig asItIs = new PackConfig();
        asItIs.setDeltaCompress(false);
        daemon.setPackConfig(asItIs);
        daemon.setRepositoryResolver((client, name) -> open(repository));
        try {
            daemon.start();
        } catch (IOException e) {
            throw new UncheckedIOException("no Git server can be started on loopback", e);
        }
        return new GitDaemon(daemon);
    }

    private static Repository open(Path repository) throws ServiceMayNotContinueException {
        try {
            return new FileRepositoryBuilder()
                    .setGitDir(repository.toFile())
                    .setMustExist(true)
                    .build();
        } catch (IOException e) {
            throw new ServiceMayNotContinueException(e);
        }
    }

    /** Where it can be fetched from. */
    public GitRemote remote() {
        return GitRemote.parse("git://127.0.0.1:" + daemon.getAddress().getPort() + "/repository.git");
    }

    /** Stops listening. */
    @Override
    public void close() {
        daemon.stop();
    }
}
