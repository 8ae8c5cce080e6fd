package io.github.mirrorservice.mirror.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Stands between the codec and everything else, and lets only those requests through that every reader of HTTP reads in the
 * same way. A refused request goes on as its {@linkplain Refusal#standIn stand-in}, and nothing after it is read. A body is
 * never read either: where one may stand, the answer is given to the head alone, and the connection closes.
 */
final class Gate extends ChannelDuplexHandler {

    /** Requests sent ahead without waiting for an answer; they are kept in memory, so their number has a bound. */
    private static final int MOST_AHEAD = 64;

    private static final Pattern AUTHORITY = Pattern.compile("(?:[A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{0,5})?");
    private static final List<HttpMethod> BODILESS = List.of(HttpMethod.GET, HttpMethod.HEAD);

    private boolean closed;
    private boolean leaving;
    private int unanswered;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closed) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            admit(context, request);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** A refusal found by another handler. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof Refusal refusal)) {
            context.fireUserEventTriggered(event);
        } else if (!closed) {
            refuse(context, refusal, HttpMethod.GET);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof LastHttpContent) {
            unanswered--;
        }
        super.write(context, message, promise);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
        if (closed && !leaving) {
            leaving = true;
            Farewell.say(context);
            context.channel().closeFuture().addListener(end -> promise.trySuccess());
        } else {
            super.close(context, promise);
        }
    }

    private void admit(ChannelHandlerContext context, HttpRequest request) {
        Optional<Refusal> refusal = ++unanswered > MOST_AHEAD ? Optional.of(Refusal.AHEAD) : refusal(request);
        if (refusal.isPresent()) {
            ReferenceCountUtil.release(request);
            refuse(context, refusal.get(), request.method());
        } else if (hasBody(request)) {
            closed = true;
            context.fireChannelRead(withoutBody(request));
        } else {
            context.fireChannelRead(request);
        }
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal, HttpMethod method) {
        closed = true;
        context.fireChannelRead(refusal.standIn(method));
    }

    private static Optional<Refusal> refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(undecodable(request.decoderResult().cause()));
        }
        if (!isSpoken(request.protocolVersion())) {
            return Optional.of(Refusal.VERSION);
        }
        if (!Target.isPlain(request.uri())) {
            return Optional.of(Refusal.TARGET);
        }
        return refusal(request, request.headers());
    }

    private static Refusal undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Refusal.LONG_TARGET;
        }
        return cause instanceof TooLongHttpHeaderException ? Refusal.LARGE_HEAD : Refusal.MALFORMED;
    }

    private static boolean isSpoken(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    private static Optional<Refusal> refusal(HttpRequest request, HttpHeaders headers) {
        if (!isHost(headers.getAll(HttpHeaderNames.HOST), request.protocolVersion())) {
            return Optional.of(Refusal.HOST);
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || (hasBody(request) && BODILESS.contains(request.method()))) {
            return Optional.of(Refusal.BODY);
        }
        return headers.contains(HttpHeaderNames.EXPECT)
                        && !headers.contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true)
                ? Optional.of(Refusal.EXPECTATION)
                : Optional.empty();
    }

    private static boolean isHost(List<String> hosts, HttpVersion version) {
        return switch (hosts.size()) {
            case 0 -> version.equals(HttpVersion.HTTP_1_0);
            case 1 -> AUTHORITY.matcher(hosts.get(0)).matches();
            default -> false;
        };
    }

    private static boolean hasBody(HttpRequest request) {
        return request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO, true);
    }

    private static HttpRequest withoutBody(HttpRequest request) {
        HttpHeaders headers = request.headers()
                .remove(HttpHeaderNames.CONTENT_LENGTH)
                .remove(HttpHeaderNames.EXPECT)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return new DefaultFullHttpRequest(
                request.protocolVersion(),
                request.method(),
                request.uri(),
                Unpooled.EMPTY_BUFFER,
                headers,
                EmptyHttpHeaders.INSTANCE);
    }
}
