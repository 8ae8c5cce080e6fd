package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.jspecify.annotations.Nullable;

/** A request for the capabilities that is answered from memory; it never connects. */
final class RememberedLine extends JDKHttpConnection {

    private final InputStream answer;

    RememberedLine(URL url, InputStream answer) throws IOException {
        super(url, Proxy.NO_PROXY);
        this.answer = answer;
    }

    @Override
    public int getResponseCode() {
        return HttpURLConnection.HTTP_OK;
    }

    @Override
    public String getContentType() {
        return HttpLine.SMART + "advertisement";
    }

    @Override
    public @Nullable String getHeaderField(String name) {
        return null;
    }

    @Override
    public InputStream getInputStream() {
        return answer;
    }
}
