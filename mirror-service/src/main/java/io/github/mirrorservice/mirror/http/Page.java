package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveStatus;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The page for people: how to point opam here, and what is served. It has no script, and its policy allows none. */
final class Page {

    private final Published published;
    private final Optional<Supplier<ArchiveStatus>> archives;
    private final String frame;
    private final String served = resource("served.html");
    private final String nothingYet = resource("nothing.html");
    private final String cached = resource("cached.html");
    private final String policy;

    /** Reads its parts from files, so it is made before there are requests. */
    Page(Published published, Optional<Supplier<ArchiveStatus>> archives) {
        String style = resource("page.css");
        this.published = published;
        this.archives = archives;
        frame = resource("page.html").replace("{{style}}", style);
        policy = "default-src 'none'; style-src 'sha256-"
                + Base64.getEncoder().encodeToString(Sha256.of(style.getBytes(StandardCharsets.UTF_8)))
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    Answer answer(Request request) {
        Optional<ArchiveStatus> status = archives.map(Supplier::get);
        String served =
                published.current().map(snapshot -> served(snapshot, status)).orElse(nothingYet);
        String body = frame.replace("{{url}}", escape(url(request)))
                .replace("{{served}}", served)
                .replace("{{cached}}", status.map(this::cached).orElse(""));
        return Answer.of(HttpResponseStatus.OK, "text/html; charset=utf-8", body)
                .with(HeaderNames.CONTENT_SECURITY_POLICY, policy);
    }

    private String served(Snapshot snapshot, Optional<ArchiveStatus> status) {
        return served.replace("{{commit}}", snapshot.revision())
                .replace("{{made}}", snapshot.committed().toString())
                .replace("{{published}}", snapshot.published().toString())
                .replace("{{packages}}", grouped(snapshot.counts().packages()))
                .replace("{{versions}}", grouped(snapshot.counts().opamFiles()))
                .replace("{{archives}}", grouped(Description.known(snapshot, status)))
                .replace("{{bytes}}", grouped(snapshot.index().length()))
                .replace("{{repository}}", escape(snapshot.repository()));
    }

    private String cached(ArchiveStatus status) {
        return cached.replace("{{known}}", grouped(status.known()))
                .replace("{{missing}}", grouped(status.missing()))
                .replace("{{held}}", grouped(status.held().archives()))
                .replace("{{heldBytes}}", grouped(status.held().bytes()))
                .replace("{{quarantined}}", grouped(status.quarantined().archives()))
                .replace("{{uncacheable}}", grouped(status.uncacheable().size()))
                .replace("{{progress}}", progress(status))
                .replace("{{failures}}", FailureTable.of(status.failures()));
    }

    private static String progress(ArchiveStatus status) {
        if (!status.getting()) {
            return "fetched when a client asks for them";
        }
        String rate = "being fetched, %s bytes a second".formatted(grouped(status.bytesPerSecond()));
        return status.left()
                .map(left -> rate + ", about " + Math.max(1, left.toMinutes()) + " min left")
                .orElse(rate);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** This mirror's URL as the reader's browser knows it, or its address for a reader who names no host. */
    private static String url(Request request) {
        HttpHeaders headers = request.headers();
        boolean secured = request.secured() || headers.contains("x-forwarded-proto", "https", true);
        return (secured ? "https://" : "http://")
                + Optional.ofNullable(headers.get(HttpHeaderNames.HOST)).orElseGet(() -> address(request));
    }

    private static String address(Request request) {
        return request.here()
                .map(here -> bracketed(here.getAddress().getHostAddress()) + ":" + here.getPort())
                .orElse("localhost");
    }

    private static String bracketed(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("the program's own " + name + " cannot be read: reinstall it", broken);
        }
    }
}
