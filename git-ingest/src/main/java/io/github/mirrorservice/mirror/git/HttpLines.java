package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URL;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/** Opens HTTP connections to one remote's host and to no other; a redirect elsewhere ends the fetch. */
final class HttpLines implements HttpConnectionFactory {

    private final GitRemote remote;
    private final FetchGuard guard;
    private final Capabilities capabilities;
    private final URL home;

    HttpLines(GitRemote remote, FetchGuard guard, Capabilities capabilities) throws MalformedURLException {
        this.remote = remote;
        this.guard = guard;
        this.capabilities = capabilities;
        this.home = new URL(remote.address());
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return create(url, Proxy.NO_PROXY);
    }

    @Override
    public HttpConnection create(URL asked, Proxy proxy) throws IOException {
        URL url = behindStandIn(asked);
        requireHome(url);
        boolean asksForCapabilities = url.toExternalForm().startsWith(remote.address() + "/info/refs?");
        Optional<InputStream> remembered = capabilities.known();
        if (asksForCapabilities && remembered.isPresent()) {
            return new RememberedLine(url, remembered.get());
        }
        return connect(url, proxy, Optional.of(capabilities).filter(known -> asksForCapabilities));
    }

    private HttpLine connect(URL url, Proxy proxy, Optional<Capabilities> note) throws IOException {
        HttpLine line = HttpLine.open(url, proxy, guard, note);
        remote.login().ifPresent(login -> line.setRequestProperty("Authorization", login.basic()));
        return line;
    }

    private URL behindStandIn(URL url) throws MalformedURLException {
        return url.getHost().equals(HostName.standIn(home.getHost()))
                ? new URL(url.getProtocol(), home.getHost(), url.getPort(), url.getFile())
                : url;
    }

    /** The same host and port, or the step from http to https on the usual ports. */
    private void requireHome(URL url) {
        boolean sameHost =
                url.getHost().toLowerCase(Locale.ROOT).equals(home.getHost().toLowerCase(Locale.ROOT));
        boolean samePort = url.getPort() == home.getPort();
        boolean sameScheme = url.getProtocol().equals(home.getProtocol());
        boolean toTls = url.getProtocol().equals("https") && home.getPort() < 0;
        if (!sameHost || !samePort || !(sameScheme || toTls)) {
            throw new GitException.Unreachable("the remote redirects to another host, port or protocol ("
                    + Failures.shown(url.getHost()) + "), which is not followed."
                    + " Remedy: if that is where the repository lives now, give its address as the remote.");
        }
    }
}
