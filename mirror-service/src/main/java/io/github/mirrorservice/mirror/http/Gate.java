package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
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
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Stands between the codec and everything else. It lets only those requests through that every reader of HTTP reads in the
 * same way. A refused request goes on as its {@linkplain Refusal#standIn stand-in}, and nothing after it is heard. A body that
 * nobody wants is not read either: the answer is given to the head alone, and the connection closes.
 */
final class Gate extends ChannelDuplexHandler {

    /** The method of a request that nobody read so far. */
    private static final HttpMethod UNREAD = HttpMethod.valueOf("UNREAD");

    /**
     * Sent through a connection's pipeline when the server is about to drain: its next answer is its last, and says so. A
     * client that is told does not ask again just when the connection is closed.
     */
    static final Object LEAVE = new Object();

    /** Sent through a connection's pipeline when the server drains: the answer under way is its last. */
    static final Object DRAIN = new Object();

    private final Predicate<HttpRequest> takesBody;
    private ChannelFutureListener ended = written -> {};
    private boolean answering;
    private boolean lasting;
    private boolean older;
    private boolean deaf;
    private boolean bodyComes;
    private boolean leaving;

    /** Lets the bodies of these requests through. */
    Gate(Predicate<HttpRequest> takesBody) {
        this.takesBody = takesBody;
    }

    /** What listens to the end of each answer is made once. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ended = written -> ended(context, written.isSuccess());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (bodyComes && message instanceof HttpContent content) {
            bodyComes = !(content instanceof LastHttpContent);
            context.fireChannelRead(content.retain());
        } else if (!deaf && message instanceof HttpRequest request) {
            admit(context, request);
        }
        ReferenceCountUtil.release(message);
    }

    /** A refusal found by another handler, or the end of the server. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == LEAVE) {
            leaving = true;
        } else if (event == DRAIN) {
            drain(context);
        } else if (!(event instanceof Refusal refusal)) {
            context.fireUserEventTriggered(event);
        } else if (!deaf) {
            last(context, refusal.standIn(UNREAD));
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        Object told = message instanceof HttpResponse response ? begin(response) : message;
        ChannelPromise watched = promise;
        if (message instanceof LastHttpContent) {
            watched = promise.unvoid();
            watched.addListener(ended);
        }
        super.write(context, told, watched);
    }

    private void admit(ChannelHandlerContext context, HttpRequest request) {
        Optional<Refusal> refusal = Admission.refusal(request);
        if (refusal.isPresent()) {
            last(context, refusal.get().standIn(request.method()));
        } else if (!Admission.hasBody(request)) {
            pass(context, request);
        } else if (takesBody.test(request)) {
            take(context, request);
        } else {
            last(context, withoutBody(request));
        }
    }

    private void take(ChannelHandlerContext context, HttpRequest request) {
        bodyComes = true;
        context.pipeline().fireUserEventTriggered(new Heads.Wanted(HttpUtil.getContentLength(request, 0L)));
        begin(context, request);
    }

    private void last(ChannelHandlerContext context, HttpRequest request) {
        deaf = true;
        pass(context, request);
    }

    private void pass(ChannelHandlerContext context, HttpRequest request) {
        begin(context, request);
        context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        answering = true;
        lasting = HttpUtil.isKeepAlive(request);
        older = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        context.fireChannelRead(request);
    }

    /** Says whether the connection lasts, in the words of the client's version. RFC 9112, section 9.3. */
    private HttpResponse begin(HttpResponse response) {
        deaf |= bodyComes;
        lasting &= !deaf && !leaving;
        return lasting && !older
                ? response
                : with(response, lasting ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    }

    /** Another response: the headers of this one may be those of many. */
    private static HttpResponse with(HttpResponse response, CharSequence connection) {
        HttpHeaders headers = response.headers().copy().set(HttpHeaderNames.CONNECTION, connection);
        return response instanceof FullHttpResponse whole
                ? new DefaultFullHttpResponse(
                        whole.protocolVersion(), whole.status(), whole.content(), headers, EmptyHttpHeaders.INSTANCE)
                : new DefaultHttpResponse(response.protocolVersion(), response.status(), headers);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    private void ended(ChannelHandlerContext context, boolean whole) {
        answering = false;
        context.pipeline().fireUserEventTriggered(whole ? Ended.WHOLE : Ended.CUT);
        if (whole && (deaf || leaving)) {
            Farewell.say(context);
        } else if (!whole || !lasting) {
            context.close();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    private void drain(ChannelHandlerContext context) {
        boolean resting = !answering && !deaf;
        deaf = true;
        if (resting) {
            context.close();
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
