package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import javax.crypto.Mac;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Digests the body of one request as it comes; nothing of it is kept. It stands before the responder while it does. */
final class BodyDigest extends ChannelInboundHandlerAdapter {

    private final Mac mac;
    private final MonoSink<byte[]> result;
    private long left;

    private BodyDigest(Mac mac, long largest, MonoSink<byte[]> result) {
        this.mac = mac;
        this.left = largest;
        this.result = result;
    }

    /**
     * Emits the digest of the body when all of it has come. To be subscribed while the request's head is handed on, so that
     * none of the body is missed. Fails with {@link TooLarge}; cancelled, it lets the rest pass.
     */
    static Mono<byte[]> of(Request request, Mac mac, long largest) {
        return Mono.create(sink -> {
            BodyDigest digest = new BodyDigest(mac, largest, sink);
            ChannelPipeline pipeline = request.channel().pipeline();
            pipeline.addBefore(pipeline.context(Responder.class).name(), null, digest);
            sink.onDispose(() -> leave(pipeline, digest));
        });
    }

    /** A connection that is closed has lost its handlers already. */
    private static void leave(ChannelPipeline pipeline, BodyDigest digest) {
        if (pipeline.context(digest) != null) {
            pipeline.remove(digest);
        }
    }

    /** A body larger than it may be. */
    static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the body is too large", null, false, false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpContent content) {
            digest(content);
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void digest(HttpContent content) {
        left -= content.content().readableBytes();
        if (left < 0) {
            result.error(new TooLarge());
            return;
        }
        mac.update(content.content().nioBuffer());
        if (content instanceof LastHttpContent && content.decoderResult().isSuccess()) {
            result.success(mac.doFinal());
        }
    }
}
