package io.github.mirrorservice.mirror.http;

import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** The whole protocol: which path answers what to whom. */
public final class Routes {

    private static final List<String> READ = List.of("GET", "HEAD");
    private static final List<String> POST = List.of("POST");

    private static final Answer BUSY = Answer.text(
                    SERVICE_UNAVAILABLE, "more is asked of this mirror than it can bear; try again in some seconds")
            .with(HeaderNames.RETRY_AFTER, Shelf.RETRY_SECONDS);

    private final Capacity capacity;
    private final Map<String, Route> byPath;
    private final Optional<Route> archives;
    private final Optional<Tally> tally;

    private Routes(Capacity capacity, Map<String, Route> byPath, Optional<Route> archives, Optional<Tally> tally) {
        this.capacity = capacity;
        this.byPath = byPath;
        this.archives = archives;
        this.tally = tally;
    }

    /** What clients see: the published snapshot, archives, and a page for people. */
    public static Routes forClients(Offer offer) {
        Shelf shelf = new Shelf(offer);
        Page page = new Page(offer.status(), offer.rendering());
        StatusEvents events = new StatusEvents(page.sections(), offer.draining());
        Map<String, Route> byPath = new HashMap<>(Map.of(
                "/index.tar.gz", read(shelf::index),
                "/repo", read(shelf::repo),
                "/snapshot.json", page(request -> Mono.just(shelf.description(request))),
                "/", page(page::answer),
                "/status", page(page::answer),
                "/status.json",
                        page(request -> Mono.just(
                                Answer.json(OK, StatusJson.of(offer.status().get())))),
                "/status/events", page(request -> Mono.just(events.answer(request)))));
        offer.hook()
                .map(hook -> new Webhook(hook.secret(), hook.startSync()))
                .ifPresent(webhook -> byPath.put(Webhook.PATH, new Route(Optional.empty(), POST, webhook::answer)));
        return new Routes(
                offer.capacity(),
                byPath,
                offer.archives()
                        .map(cache -> new Archives(cache, () -> offer.capacity().admits(Rank.FETCH)))
                        .map(archives -> new Route(Optional.of(Rank.ARCHIVE), READ, archives::answer)),
                Optional.of(new Tally(offer.meters(), ranks(byPath), offer.capacity())));
    }

    /** What operators see: probes, metrics, and ingest on demand. */
    public static Routes forOperators(Operations operations) {
        Syncs syncs = new Syncs(operations);
        Map<String, Route> byPath = Map.of(
                "/livez",
                read(request -> Answer.text(OK, "alive")),
                "/readyz",
                read(request -> readiness(operations)),
                "/metrics",
                new Route(Optional.empty(), READ, operations::metrics),
                "/sync",
                new Route(Optional.empty(), POST, request -> syncs.answer(request.target())));
        return new Routes(Capacity.ENDLESS, byPath, Optional.empty(), Optional.empty());
    }

    private static Map<String, Optional<Rank>> ranks(Map<String, Route> byPath) {
        return byPath.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, path -> path.getValue().rank));
    }

    private static Route read(Function<Request, Answer> answer) {
        return new Route(Optional.empty(), READ, request -> Mono.just(answer.apply(request)));
    }

    private static Route page(Function<Request, Mono<Answer>> answer) {
        return new Route(Optional.of(Rank.PAGE), READ, answer);
    }

    private static Answer readiness(Operations operations) {
        return operations
                .whyNotReady()
                .get()
                .map(reason -> Answer.text(SERVICE_UNAVAILABLE, "not ready: " + reason)
                        .with(HeaderNames.RETRY_AFTER, Shelf.RETRY_SECONDS))
                .orElseGet(() -> Answer.text(OK, "ready"));
    }

    /** Whether somebody reads the body of this request. */
    boolean takesBody(HttpRequest request) {
        return HttpMethod.POST.equals(request.method())
                && byPath.containsKey(Webhook.PATH)
                && Target.path(request.uri()).equals(Webhook.PATH);
    }

    /** Who counts the requests, if anyone does. */
    Optional<Tally> tally() {
        return tally;
    }

    Mono<Answer> answer(Request request) {
        String target = request.target();
        return Refusal.of(target)
                .map(refusal -> Mono.just(refusal.answer()))
                .or(() -> route(Target.path(target)).map(route -> answer(request, route)))
                .orElseGet(() -> Mono.just(Answer.text(NOT_FOUND, "there is nothing here")));
    }

    private Mono<Answer> answer(Request request, Route route) {
        if (!route.takes(request) || route.rank.map(capacity::admits).orElse(true)) {
            return route.on(request);
        }
        return Mono.just(route.rank.equals(Optional.of(Rank.ARCHIVE)) ? Archives.BUSY : BUSY);
    }

    private Optional<Route> route(String path) {
        return path.startsWith(Archives.PREFIX) ? archives : Optional.ofNullable(byPath.get(path));
    }

    /**
     * One path's answers.
     *
     * @param rank how soon it is turned away, if it ever is
     * @param methods the methods it knows; another is answered with 405
     * @param answer what it answers to them
     */
    private record Route(Optional<Rank> rank, List<String> methods, Function<Request, Mono<Answer>> answer) {

        Mono<Answer> on(Request request) {
            return takes(request)
                    ? answer.apply(request)
                    : Mono.just(Answer.text(METHOD_NOT_ALLOWED, "this takes " + allowed())
                            .with(HeaderNames.ALLOW, allowed()));
        }

        boolean takes(Request request) {
            return methods.contains(request.method().name());
        }

        private String allowed() {
            return String.join(", ", methods);
        }
    }
}
