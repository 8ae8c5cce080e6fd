package io.github.mirrorservice.mirror.http;

import static io.netty.handler.codec.http.HttpResponseStatus.INTERNAL_SERVER_ERROR;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;
import reactor.netty.channel.AbortedException;

/**
 * Where requests meet answers: the end of a connection's pipeline, which is given one request at a time. What is ready is
 * written at once, in the same turn of the event loop; what has to be waited for is cancelled when the client goes away.
 */
final class Responder extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

    private final Routes routes;
    private Disposable answering = Disposables.disposed();

    Responder(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest head) {
            Request request = new Request(head, context.channel());
            answering = Mono.defer(() -> routes.answer(request))
                    .onErrorResume(failure -> Mono.just(broken(request, failure)))
                    .flatMap(answer -> answer.send(request, context))
                    .onErrorResume(failure -> brokenOff(request, failure, context))
                    .subscribe();
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        answering.dispose();
        context.fireChannelInactive();
    }

    /** The connection broke: nobody is there who could be told. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // its end is heard of in channelInactive
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private static Answer broken(Request request, Throwable failure) {
        LOG.error("no answer to {} {}", request.method(), request.target(), failure);
        return Answer.text(INTERNAL_SERVER_ERROR, "this failed here, and was logged");
    }

    /** Closes the connection, so that whoever reads it sees that it is not all. */
    private static Mono<Void> brokenOff(Request request, Throwable failure, ChannelHandlerContext connection) {
        boolean expected = failure instanceof AbortedException
                || AbortedException.isConnectionReset(failure)
                || failure instanceof ArchiveException;
        if (!expected) {
            LOG.error("the answer to {} {} broke off", request.method(), request.target(), failure);
        }
        return FutureMono.deferFuture(connection::close);
    }
}
