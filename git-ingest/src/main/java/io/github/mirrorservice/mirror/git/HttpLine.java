package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/**
 * One HTTP request to a Git remote: JGit's own, with our answer to what JGit would let pass. An answer that is no smart
 * Git answer ends the fetch (JGit would walk the files of a "dumb" server and follow its alternates), every byte is
 * counted, and the connection can be broken off from another thread.
 */
final class HttpLine extends JDKHttpConnection {

    static final String SMART = "application/x-git-upload-pack-";

    private final FetchGuard guard;
    private final Optional<Capabilities> note;

    private HttpLine(URL url, Proxy proxy, FetchGuard guard, Optional<Capabilities> note) throws IOException {
        super(url, proxy);
        this.guard = guard;
        this.note = note;
    }

    /**
     * Prepares a request.
     *
     * @param note where to take note of the answer
     */
    static HttpLine open(URL url, Proxy proxy, FetchGuard guard, Optional<Capabilities> note) throws IOException {
        Opener opener = new Opener();
        HttpLine line = new HttpLine(new URL(null, url.toExternalForm(), opener), proxy, guard, note);
        guard.closeOnCut(opener::disconnect);
        return line;
    }

    @Override
    public void setRequestProperty(String name, String value) {
        // Without compression the bytes that are counted are the bytes that JGit keeps; packs are compressed anyway.
        if (!name.equals("Accept-Encoding")) {
            super.setRequestProperty(name, value);
        }
    }

    @Override
    public int getResponseCode() throws IOException {
        int status = super.getResponseCode();
        switch (status) {
            case HttpURLConnection.HTTP_OK, 301, 302, 303, 307, 308 -> guard.check();
            default -> throw new GitException.Unreachable("the remote answers HTTP " + status + remedy(status));
        }
        return status;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        String type = String.valueOf(getContentType());
        if (!type.startsWith(SMART) || getHeaderField("Content-Encoding") != null) {
            throw new GitException.Unreachable("the remote answers with content of type "
                    + Failures.shown(type) + ", not as a Git server. Remedy: check that the address is the one that"
                    + " git clone takes, and that no login page or proxy stands before it.");
        }
        InputStream answer = guard.watch(super.getInputStream());
        return note.isPresent() ? note.get().note(answer) : answer;
    }

    private static String remedy(int status) {
        return switch (status) {
            case 401, 407 ->
                " (it wants a user and a password, or others). Remedy: put them into the address, https://user:password@host/.";
            case 403 -> " (it forbids the access). Remedy: check the rights of the user in the address.";
            case 404, 410 -> " (there is no Git repository). Remedy: check the address.";
            case 429, 503 -> " (it is overloaded or limits requests). Remedy: try again later, poll less often.";
            default -> ". Remedy: try again later; if it stays, look at the remote.";
        };
    }

    /** Opens the connection for JGit and keeps hold of it. */
    private static final class Opener extends URLStreamHandler {

        private final AtomicReference<HttpURLConnection> opened = new AtomicReference<>();

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            return openConnection(url, Proxy.NO_PROXY);
        }

        @Override
        protected URLConnection openConnection(URL url, Proxy proxy) throws IOException {
            HttpURLConnection connection = (HttpURLConnection) new URL(url.toExternalForm()).openConnection(proxy);
            opened.set(connection);
            return connection;
        }

        void disconnect() {
            Optional.ofNullable(opened.get()).ifPresent(HttpURLConnection::disconnect);
        }
    }
}
