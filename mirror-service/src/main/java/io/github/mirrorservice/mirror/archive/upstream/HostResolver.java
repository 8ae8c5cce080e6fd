package io.github.mirrorservice.mirror.archive.upstream;

import java.net.InetAddress;
import java.util.List;
import reactor.core.publisher.Mono;

/** Tells the addresses of a name. Asked once for each connection, and only for names that are no addresses. */
@FunctionalInterface
public interface HostResolver {

    /** Emits the addresses, at least one, best first, or fails if there is none; asks at subscription. */
    Mono<List<InetAddress>> resolve(String host);
}
