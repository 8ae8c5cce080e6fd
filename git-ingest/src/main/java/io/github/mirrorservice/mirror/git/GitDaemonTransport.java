package io.github.mirrorservice.mirror.git;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.BasePackFetchConnection;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PackTransport;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/** Git's own protocol over TCP. JGit has it too, but gives nobody a hold on its socket. */
final class GitDaemonTransport extends Transport implements PackTransport {

    private static final int GIT_PORT = 9418;

    private final FetchGuard guard;

    GitDaemonTransport(Repository local, URIish address, FetchGuard guard) {
        super(local, address);
        this.guard = guard;
    }

    @Override
    public FetchConnection openFetch() throws TransportException {
        return openFetch(List.of());
    }

    @Override
    public FetchConnection openFetch(Collection<RefSpec> branches, String... patterns) throws TransportException {
        int port = getURI().getPort() < 0 ? GIT_PORT : getURI().getPort();
        Socket socket = new Socket();
        guard.closeOnCut(socket);
        try {
            socket.connect(new InetSocketAddress(getURI().getHost(), port), getTimeout() * 1000);
            socket.setSoTimeout(getTimeout() * 1000);
            return new Talk(socket).ask(branches);
        } catch (IOException e) {
            throw new TransportException(getURI(), String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public PushConnection openPush() throws NotSupportedException {
        throw new NotSupportedException("a mirror does not push");
    }

    @Override
    public void close() {
        // A connection closes itself.
    }

    private final class Talk extends BasePackFetchConnection {

        private final Socket socket;

        Talk(Socket socket) throws IOException {
            super(GitDaemonTransport.this);
            this.socket = socket;
            init(
                    guard.watch(new BufferedInputStream(socket.getInputStream())),
                    new BufferedOutputStream(socket.getOutputStream()));
        }

        FetchConnection ask(Collection<RefSpec> branches) throws IOException {
            pckOut.writeString("git-upload-pack " + uri.getPath() + "\0host=" + uri.getHost() + "\0\0version=2\0");
            pckOut.flush();
            if (!readAdvertisedRefs()) {
                lsRefs(branches);
            }
            return this;
        }

        @Override
        public void close() {
            super.close();
            try {
                socket.close();
            } catch (IOException e) {
                // There is nothing left to say.
            }
        }
    }
}
