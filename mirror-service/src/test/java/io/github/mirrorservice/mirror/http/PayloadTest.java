package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Content;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;

final class PayloadTest {

    @Test
    void what_a_client_leaves_in_the_moment_it_is_opened_is_let_go() {
        ByteBuf opened = Unpooled.buffer().writeZero(10);
        Disposable.Swap client = Disposables.swap();
        Sinks.Many<Content.Part> coming = Sinks.many().unicast().onBackpressureBuffer();
        EmbeddedChannel connection = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        client.update(new Payload.Stream(coming.asFlux())
                .send(
                        new Answer(HttpResponseStatus.OK, new DefaultHttpHeaders(), Payload.NONE),
                        connection.pipeline().firstContext())
                .subscribe());

        coming.tryEmitNext(() -> {
            client.dispose();
            return Optional.of(opened);
        });
        connection.finishAndReleaseAll();

        assertThat(opened.refCnt()).isZero();
    }
}
