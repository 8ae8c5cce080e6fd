package io.github.mirrorservice.mirror.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.util.List;
import java.util.stream.Stream;

/** What a new connection is furnished with, by what it speaks: from the network at the left to the answers at the right. */
final class Reception extends ChannelInitializer<Channel> {

    private static final int LONGEST_REQUEST_LINE = 4_096;
    private static final int LARGEST_HEAD = 8_192;
    static final HttpDecoderConfig HEADS = new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_REQUEST_LINE)
            .setMaxHeaderSize(LARGEST_HEAD);

    /** No fewer, says RFC 9113, section 6.5.2; and no more, because each may hold a piece that its client leaves untaken. */
    private static final int MOST_STREAMS = 100;

    private static final int PIECE = 64 * 1024;

    /** The largest frame that clients take by default, and one of them under way. */
    private static final int STREAM_PIECE = 16 * 1024;

    private static final WriteBufferWaterMark ONE_PIECE = new WriteBufferWaterMark(STREAM_PIECE / 2, STREAM_PIECE);

    private static final long CLOSE_MILLIS = 1_000;

    /**
     * How many bytes the kernel takes ahead of what it has sent: memory that nobody here counts. It asks for more when half
     * of them are gone; with less room archives cost more CPU, by 40 % at 512 KiB.
     */
    private static final int MOST_UNSENT = 2 * 1024 * 1024;

    private final ServerSettings settings;
    private final Routes routes;
    private final Connections connections;

    Reception(ServerSettings settings, Routes routes, Connections connections) {
        this.settings = settings;
        this.routes = routes;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!connections.admit(channel)) {
            turnAway(channel);
            return;
        }
        if (channel.config() instanceof EpollSocketChannelConfig config) {
            config.setTcpNotSentLowAt(MOST_UNSENT);
        }
        ChannelPipeline pipeline = channel.pipeline();
        List<ChannelHandler> http1 = http1();
        settings.tls().ifPresent(tls -> pipeline.addLast(tls.handler(channel.alloc(), settings.headTimeout())));
        if (settings.http2()) {
            pipeline.addLast(new Preface(context -> becomeHttp2(context, http1)));
        }
        http1.forEach(pipeline::addLast);
        if (connections.leaving()) {
            pipeline.fireUserEventTriggered(Gate.LEAVE);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    private void turnAway(Channel channel) {
        routes.tally().ifPresent(Tally::turnedAway);
        if (connections.mayLinger(channel)) {
            channel.pipeline().addLast(new TurnAway(settings.tls().isPresent()));
        } else {
            channel.close();
        }
    }

    private List<ChannelHandler> http1() {
        return Stream.<Stream<ChannelHandler>>of(
                        Stream.of(
                                new Heads(),
                                new HttpRequestDecoder(HEADS),
                                new AnswerEncoder(),
                                new Gate(routes::takesBody),
                                new Patience(settings)),
                        settings.tls().stream().flatMap(tls -> Stream.of(new ChunkedWriteHandler(), new Pieces(PIECE))),
                        routes.tally().stream().map(Stopwatch::new),
                        Stream.of(new Responder(routes)))
                .flatMap(handlers -> handlers)
                .toList();
    }

    private void becomeHttp2(ChannelHandlerContext preface, List<ChannelHandler> http1) {
        ChannelPipeline pipeline = preface.pipeline();
        http1.forEach(pipeline::remove);
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(MOST_STREAMS)
                        .maxHeaderListSize(LARGEST_HEAD))
                .gracefulShutdownTimeoutMillis(CLOSE_MILLIS)
                .build();
        pipeline.addLast(
                codec,
                new Http2MultiplexHandler(new Streams()),
                new Lifetime(codec.connection(), settings.idleTimeout()));
    }

    /** What a new stream of HTTP/2 is furnished with. */
    private final class Streams extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel stream) {
            ChannelPipeline pipeline = stream.pipeline();
            if (!connections.admitStream(stream)) {
                routes.tally().ifPresent(Tally::turnedAway);
                pipeline.addLast(new RefusedStream());
                return;
            }
            stream.config().setWriteBufferWaterMark(ONE_PIECE);
            pipeline.addLast(
                    new PseudoHeaders(),
                    new Http2StreamFrameToHttpObjectCodec(true),
                    new StreamGate(routes::takesBody),
                    new StreamPatience(settings),
                    new ChunkedWriteHandler(),
                    new Pieces(STREAM_PIECE));
            routes.tally().ifPresent(tally -> pipeline.addLast(new Stopwatch(tally)));
            pipeline.addLast(new Responder(routes));
        }
    }
}
