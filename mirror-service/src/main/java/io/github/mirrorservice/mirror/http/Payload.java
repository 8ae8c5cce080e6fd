package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.Content;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCounted;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;

/** What an answer carries. It holds nothing that would have to be released: that begins when it is sent. */
sealed interface Payload {

    /** Nothing. */
    Payload NONE = new Bytes(Unpooled.EMPTY_BUFFER);

    /** Writes it after its head; completes when the last of it is handed to the connection. */
    Mono<Void> send(HttpResponse head, ChannelHandlerContext connection);

    /**
     * Bytes in memory.
     *
     * @param bytes on memory that needs no release
     */
    record Bytes(ByteBuf bytes) implements Payload {

        @Override
        public Mono<Void> send(HttpResponse head, ChannelHandlerContext connection) {
            HttpResponse all = new DefaultFullHttpResponse(
                    head.protocolVersion(),
                    head.status(),
                    bytes.duplicate(),
                    head.headers(),
                    EmptyHttpHeaders.INSTANCE);
            return flush(connection, all);
        }
    }

    /**
     * Bytes of an archive that is held.
     *
     * @param content where they are
     * @param first the position of the first
     * @param count how many, 1 or more
     */
    record Stored(Content content, long first, long count) implements Payload {

        @Override
        public Mono<Void> send(HttpResponse head, ChannelHandlerContext connection) {
            write(connection, head);
            write(connection, content.part(first, count));
            return flush(connection, LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /**
     * Bytes that are still coming; a part is asked for when the one before has left. If they break off, so does the
     * connection: whoever reads it sees that it is not all.
     *
     * @param parts what a connection can be written, made when it is
     */
    record Stream(Flux<Mono<ReferenceCounted>> parts) implements Payload {

        @Override
        public Mono<Void> send(HttpResponse head, ChannelHandlerContext connection) {
            write(connection, head);
            return parts.concatMap(part -> part.flatMap(bytes -> FutureMono.from(connection.writeAndFlush(bytes))), 0)
                    .then(Mono.defer(() -> flush(connection, LastHttpContent.EMPTY_LAST_CONTENT)));
        }
    }

    /** What cannot be written ends the connection: nothing that came after it would be understood. */
    private static void write(ChannelHandlerContext connection, Object message) {
        connection.write(message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private static Mono<Void> flush(ChannelHandlerContext connection, Object last) {
        write(connection, last);
        connection.flush();
        return Mono.empty();
    }
}
