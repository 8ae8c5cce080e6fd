package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** Names looked up as this machine is set up. */
final class DnsHostsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final LoopResources loops = LoopResources.create("dns", 1, true);
    private final DnsHosts hosts = new DnsHosts(loops, Schedulers.boundedElastic());

    @AfterEach
    void close() {
        loops.disposeLater(Duration.ZERO, DEADLINE).block(DEADLINE);
    }

    @Test
    void the_hosts_file_is_read() {
        StepVerifier.create(hosts.resolve("localhost"))
                .assertNext(found -> assertThat(found).isNotEmpty().allMatch(InetAddress::isLoopbackAddress))
                .expectComplete()
                .verify(DEADLINE);
    }

    /** The name is reserved for that: RFC 2606. */
    @Test
    void a_name_that_does_not_exist_fails() {
        StepVerifier.create(hosts.resolve("nothing.invalid")).expectError().verify(DEADLINE);
    }
}
