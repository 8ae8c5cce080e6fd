package io.github.mirrorservice.mirror.http;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The page for people: how to point opam here, what is served, what goes on. It is whole without its script, which puts in
 * newer {@linkplain #sections() sections} as they come; its policy allows nothing but its own style and script.
 */
final class Page {

    /** What is shown is no older, and however many look, it is made no more often. */
    private static final Duration NEWS = Duration.ofSeconds(1);

    /** The parts that change, by the name of their template and of the element that holds them. */
    private static final List<String> SECTIONS = List.of("state", "served", "ingest", "archives");

    private final Mono<Parts> parts;
    private final Mono<Map<String, String>> sections;

    /** Reads nothing yet. */
    Page(Supplier<Status> status, Scheduler rendering) {
        parts = Mono.fromSupplier(Parts::new).subscribeOn(rendering).cache();
        sections = parts.publishOn(rendering)
                .map(read -> read.sections(PageModel.of(status.get())))
                .cache(NEWS);
    }

    /** Emits the parts that change, as HTML by their names, as they were within the last second. */
    Mono<Map<String, String>> sections() {
        return sections;
    }

    Mono<Answer> answer(Request request) {
        return parts.zipWith(sections, (read, now) -> read.whole(url(request), now));
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

    /** What the page is made of, read from the program's own files. */
    private static final class Parts {

        private final String style = resource("page.css");
        private final String script = resource("page.js");
        private final Template frame = template("page");
        private final Map<String, Template> templates = templates();
        private final String policy = "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script)
                + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

        Answer whole(String url, Map<String, String> sections) {
            Map<String, Object> model = new HashMap<>(sections);
            model.put("url", url);
            model.put("style", style);
            model.put("script", script);
            return Answer.of(HttpResponseStatus.OK, "text/html; charset=utf-8", frame.execute(model))
                    .with(HeaderNames.CONTENT_SECURITY_POLICY, policy);
        }

        Map<String, String> sections(Map<String, Object> model) {
            Map<String, String> made = new LinkedHashMap<>();
            templates.forEach((name, template) -> made.put(name, template.execute(model)));
            return made;
        }

        private static Map<String, Template> templates() {
            Map<String, Template> read = new LinkedHashMap<>();
            SECTIONS.forEach(name -> read.put(name, template(name)));
            return read;
        }

        private static Template template(String name) {
            return Mustache.compiler().withCollector(new MapsAlone()).compile(resource(name + ".html"));
        }

        private static String hash(String text) {
            return "'sha256-"
                    + Base64.getEncoder().encodeToString(Sha256.of(text.getBytes(StandardCharsets.UTF_8)))
                    + "'";
        }

        private static String resource(String name) {
            try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException broken) {
                throw new UncheckedIOException("the program's own " + name + " cannot be read: reinstall it", broken);
            }
        }
    }

    /** Templates are filled with maps; the methods and fields of what is in these are nobody's business. */
    private static final class MapsAlone extends BasicCollector {

        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new ConcurrentHashMap<>();
        }
    }
}
