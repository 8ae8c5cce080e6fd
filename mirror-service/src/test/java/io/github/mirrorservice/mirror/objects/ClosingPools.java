package io.github.mirrorservice.mirror.objects;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Amazon's client waits for its connections to be closed, on a thread of Netty's that serves nobody. */
public final class ClosingPools implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.channel.pool.SimpleChannelPool", "close");
    }
}
