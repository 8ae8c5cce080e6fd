package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/** Opens JGit's transport to a remote, with everything in place that JGit leaves open. */
final class RemoteOpening {

    private static final String BUNDLE = "# v2 git bundle\n";

    private RemoteOpening() {}

    static Transport open(GitRemote remote, Repository into, FetchGuard guard, Capabilities capabilities)
            throws IOException {
        Transport transport = transport(remote, into, guard, capabilities);
        transport.setTimeout(guard.limits().exchange().silenceSeconds());
        transport.setTagOpt(TagOpt.NO_TAGS);
        transport.setObjectChecker(new GuardedChecker(guard));
        // Again at every fetch: without it a shallow repository is sent the history of what was merged.
        transport.setDepth(1);
        return transport;
    }

    private static Transport transport(GitRemote remote, Repository into, FetchGuard guard, Capabilities capabilities)
            throws IOException {
        return switch (remote.protocol()) {
            case HTTP -> http(remote, into, new HttpLines(remote, guard, capabilities));
            case SSH -> ssh(remote, into, guard);
            case GIT -> new GitDaemonTransport(into, address(remote.address()), guard);
            case LOCAL -> local(remote, into);
        };
    }

    private static Transport http(GitRemote remote, Repository into, HttpLines lines) throws IOException {
        URIish address = address(remote.address());
        // JGit chooses a proxy by way of Java's URI; the lines know the host behind the stand-in.
        URIish readable = address.setHost(HostName.standIn(address.getHost()));
        TransportHttp transport = (TransportHttp) Transport.open(into, readable);
        transport.setHttpConnectionFactory(lines);
        return transport;
    }

    private static Transport ssh(GitRemote remote, Repository into, FetchGuard guard) throws IOException {
        SshTransport transport = (SshTransport) Transport.open(into, address(remote.address()));
        transport.setSshSessionFactory(new SshLines(guard));
        remote.login()
                .filter(login -> !login.password().isEmpty())
                .ifPresent(login -> transport.setCredentialsProvider(
                        new UsernamePasswordCredentialsProvider(login.user(), login.password())));
        return transport;
    }

    private static Transport local(GitRemote remote, Repository into) throws IOException {
        Path path = Path.of(remote.address()).toAbsolutePath();
        if (!Files.exists(path)) {
            throw new GitException.Unreachable("there is nothing at this path. Remedy: check it.");
        }
        if (!Files.isDirectory(path) && !isBundle(path)) {
            throw new GitException.Corrupt("the file is no Git bundle of version 2."
                    + " Remedy: make one with: git bundle create FILE HEAD, or name a repository.");
        }
        return Transport.open(into, address(path.toString()));
    }

    private static boolean isBundle(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BUNDLE.length()), StandardCharsets.US_ASCII).equals(BUNDLE);
        }
    }

    private static URIish address(String text) throws IOException {
        try {
            return new URIish(text);
        } catch (URISyntaxException e) {
            throw new IOException("JGit does not read this address", e);
        }
    }
}
