package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Finds the addresses of a host that may be asked: looked up once, judged, and then connected to as they are. */
final class Hosts {

    private final Supplier<AddressPolicy> policy;
    private final HostResolver resolver;

    Hosts(Supplier<AddressPolicy> policy, HostResolver resolver) {
        this.policy = policy;
        this.resolver = resolver;
    }

    /** Emits one or two addresses to connect to, of both families if there are both; fails if one may not be asked. */
    Mono<List<InetSocketAddress>> find(Url url, boolean trusted) {
        return lookUp(url.host())
                .filter(addresses -> !addresses.isEmpty())
                .switchIfEmpty(Mono.error(() -> unknown(url)))
                .map(addresses -> judged(url, addresses, trusted))
                .map(addresses -> chosen(addresses)
                        .map(address -> new InetSocketAddress(named(url.host(), address.getAddress()), url.port()))
                        .toList());
    }

    private Mono<List<InetAddress>> lookUp(String host) {
        return Url.isAddress(host)
                ? Mono.just(List.of(named(host, AddressPolicy.bytes(host))))
                : Mono.defer(() -> resolver.resolve(host))
                        .onErrorMap(Exception.class, failure -> unreachable(host, failure));
    }

    private static ArchiveException.Source unreachable(String host, Throwable failure) {
        return new ArchiveException.Source(
                Reason.UNREACHABLE,
                "the address of %s is not found: %s".formatted(host, NetworkFailures.said(failure)));
    }

    private static ArchiveException.Source unknown(Url url) {
        return new ArchiveException.Source(Reason.UNREACHABLE, url.host() + " has no address");
    }

    /** A host with one address that may not be asked is not asked at all: who names it so means no good. */
    private List<InetAddress> judged(Url url, List<InetAddress> addresses, boolean trusted) {
        AddressPolicy valid = policy.get();
        if (!trusted && !addresses.stream().allMatch(address -> valid.allows(url.host(), address))) {
            throw new ArchiveException.Source(
                    Reason.ADDRESS,
                    "%s has an address that is not public. Remedy: allow it with --allow-upstream %s if it is yours"
                            .formatted(url.host(), url.host()));
        }
        return addresses;
    }

    private static Stream<InetAddress> chosen(List<InetAddress> addresses) {
        InetAddress first = addresses.get(0);
        return Stream.concat(
                Stream.of(first),
                Stream.concat(
                                addresses.stream().filter(other -> other.getClass() != first.getClass()),
                                addresses.stream().skip(1))
                        .limit(1));
    }

    /** The name stays with the address, for TLS; nobody looks it up again. */
    private static InetAddress named(String host, byte[] address) {
        try {
            return InetAddress.getByAddress(host, address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address of " + host, e);
        }
    }
}
