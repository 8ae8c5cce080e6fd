package io.github.mirrorservice.mirror.archive.upstream;

import io.netty.channel.EventLoopGroup;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/**
 * Asks the hosts file and the name servers that this machine is set up with. No thread waits for an answer; what the set-up
 * says is read on the blocking lane, when the first name is looked up.
 */
public final class DnsHosts implements HostResolver {

    private static final Duration QUERY = Duration.ofSeconds(5);
    private static final int QUERIES = 16;

    private final EventLoopGroup threads;
    private final Mono<AddressResolverGroup<InetSocketAddress>> group;

    /** Opens no socket yet; those it opens are closed with their event loops. */
    public DnsHosts(LoopResources loops, Scheduler blocking) {
        threads = loops.onClient(LoopResources.DEFAULT_NATIVE);
        group = Mono.fromCallable(() -> open(loops)).subscribeOn(blocking).cache();
    }

    private static AddressResolverGroup<InetSocketAddress> open(LoopResources loops) {
        return NameResolverProvider.builder()
                .runOn(loops)
                .queryTimeout(QUERY)
                .maxQueriesPerResolve(QUERIES)
                .completeOncePreferredResolved(false)
                .build()
                .newNameResolverGroup(loops, LoopResources.DEFAULT_NATIVE);
    }

    @Override
    public Mono<List<InetAddress>> resolve(String host) {
        return group.flatMap(resolvers -> lookUp(resolvers, host));
    }

    private Mono<List<InetAddress>> lookUp(AddressResolverGroup<InetSocketAddress> resolvers, String host) {
        return Mono.create(sink -> resolvers
                .getResolver(threads.next())
                .resolveAll(InetSocketAddress.createUnresolved(host, 0))
                .addListener((Future<List<InetSocketAddress>> found) -> {
                    if (found.isSuccess()) {
                        sink.success(found.getNow().stream()
                                .map(InetSocketAddress::getAddress)
                                .toList());
                    } else {
                        sink.error(found.cause());
                    }
                }));
    }
}
