package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Stands between the codec and everything else. It lets only those requests through that every reader of HTTP reads in the
 * same way, and each when the one before it is answered. A refused request goes on as its
 * {@linkplain Refusal#standIn stand-in}, and nothing after it is read. A body is never read either: where one may stand, the
 * answer is given to the head alone, and the connection closes.
 */
final class Gate extends ChannelDuplexHandler {

    /** Requests sent ahead without waiting for an answer; they are kept in memory, so their number has a bound. */
    private static final int MOST_WAITING = 64;

    /** The method of a request that nobody read so far. */
    private static final HttpMethod UNREAD = HttpMethod.valueOf("UNREAD");

    private final Queue<HttpRequest> waiting = new ArrayDeque<>();
    private boolean answering;
    private boolean lasting;
    private boolean older;
    private boolean closed;
    private boolean leaving;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!closed && message instanceof HttpRequest request) {
            admit(context, request);
        }
        ReferenceCountUtil.release(message);
    }

    /** A refusal found by another handler. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof Refusal refusal)) {
            context.fireUserEventTriggered(event);
        } else if (!closed) {
            last(context, refusal.standIn(UNREAD));
        }
    }

    /** What the codec cannot stand of bytes that nobody will read any more is nobody's error. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!closed || !(cause instanceof DecoderException)) {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            begin(response.headers());
        }
        if (!(message instanceof LastHttpContent)) {
            super.write(context, message, promise);
            return;
        }
        ChannelPromise watched = promise.unvoid();
        watched.addListener(written -> answered(context));
        super.write(context, message, watched);
    }

    /** The last word is said: the client may still be sending. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise tells it
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (closed && !leaving) {
            leaving = true;
            Farewell.say(context);
            context.channel().closeFuture().addListener(end -> promise.trySuccess());
        } else {
            context.close(promise);
        }
    }

    private void admit(ChannelHandlerContext context, HttpRequest request) {
        Optional<Refusal> refusal =
                waiting.size() < MOST_WAITING ? Admission.refusal(request) : Optional.of(Refusal.AHEAD);
        if (refusal.isPresent()) {
            last(context, refusal.get().standIn(request.method()));
        } else if (Admission.hasBody(request)) {
            last(context, withoutBody(request));
        } else {
            waiting.add(request);
            next(context);
        }
    }

    private void last(ChannelHandlerContext context, HttpRequest request) {
        closed = true;
        waiting.add(request);
        next(context);
    }

    private void next(ChannelHandlerContext context) {
        if (answering || waiting.isEmpty()) {
            return;
        }
        HttpRequest request = waiting.remove();
        answering = true;
        lasting = HttpUtil.isKeepAlive(request);
        older = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        context.fireChannelRead(request);
        context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    /** Says whether the connection lasts, in the words of the client's version. RFC 9112, section 9.3. */
    private void begin(HttpHeaders headers) {
        lasting &= !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        if (!lasting) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (older) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    private void answered(ChannelHandlerContext context) {
        answering = false;
        if (!lasting) {
            close(context, context.newPromise());
        } else if (!waiting.isEmpty()) {
            // Not at once: it would be one answer inside the end of another, as deep as there are requests waiting.
            context.executor().execute(() -> next(context));
        }
    }

    private static HttpRequest withoutBody(HttpRequest request) {
        request.headers()
                .remove(HttpHeaderNames.CONTENT_LENGTH)
                .remove(HttpHeaderNames.EXPECT)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return request;
    }
}
