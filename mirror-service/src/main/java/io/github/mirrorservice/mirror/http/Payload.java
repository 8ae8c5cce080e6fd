package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.Content;
import io.github.mirrorservice.mirror.archive.LocalContent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;

/** What an answer carries. It holds nothing that would have to be released: that begins when it is sent. */
sealed interface Payload {

    /** Nothing. */
    Payload NONE = new Bytes(Unpooled.EMPTY_BUFFER);

    /**
     * Writes the answer that carries it: at once what is there. The rest, if there is any, at subscription to what is
     * returned, which completes when the last of it is handed to the connection.
     */
    Mono<Void> send(Answer answer, ChannelHandlerContext connection);

    /**
     * Bytes in memory.
     *
     * @param bytes on memory that needs no release
     */
    record Bytes(ByteBuf bytes) implements Payload {

        @Override
        public Mono<Void> send(Answer answer, ChannelHandlerContext connection) {
            HttpResponse head = answer.head();
            return end(
                    connection,
                    new DefaultFullHttpResponse(
                            head.protocolVersion(),
                            head.status(),
                            bytes.duplicate(),
                            head.headers(),
                            EmptyHttpHeaders.INSTANCE));
        }
    }

    /**
     * Bytes in memory of an answer that is given to many requests.
     *
     * @param bytes on memory that needs no release
     * @param latest what was made for the requests of this second
     */
    record Shared(ByteBuf bytes, AtomicReference<@Nullable Dated> latest) implements Payload {

        /** These bytes, in one answer. */
        Shared(ByteBuf bytes) {
            this(bytes, new AtomicReference<>());
        }

        @Override
        public Mono<Void> send(Answer answer, ChannelHandlerContext connection) {
            return end(connection, new Ready(answer.status(), bytes.duplicate(), dated(answer.headers())));
        }

        private Dated dated(HttpHeaders headers) {
            Dated known = latest.get();
            if (known != null && known.isPresent()) {
                return known;
            }
            Dated fresh = Dated.of(headers);
            latest.set(fresh);
            return fresh;
        }
    }

    /**
     * Bytes of an archive that is held here.
     *
     * @param content where they are
     * @param first the position of the first
     * @param count how many, 1 or more
     */
    record Stored(LocalContent content, long first, long count) implements Payload {

        @Override
        public Mono<Void> send(Answer answer, ChannelHandlerContext connection) {
            write(connection, answer.head());
            write(connection, content.part(first, count));
            return end(connection, LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /**
     * Bytes that are still coming, from wherever; a part is asked for when the one before has left. If they break off, so does the
     * connection: whoever reads it sees that it is not all.
     *
     * @param parts opened when the connection has room for them
     */
    record Stream(Flux<Content.Part> parts) implements Payload {

        @Override
        public Mono<Void> send(Answer answer, ChannelHandlerContext connection) {
            write(connection, answer.head());
            return parts.concatMap(part -> Mono.defer(() -> handOver(connection, part)), 0)
                    .then(Mono.defer(() -> end(connection, LastHttpContent.EMPTY_LAST_CONTENT)));
        }

        /** Opened and handed over in one go: what is open in between would be lost if its client left just then. */
        private static Mono<Void> handOver(ChannelHandlerContext connection, Content.Part part) {
            return part.open()
                    .map(bytes -> FutureMono.from(connection.writeAndFlush(bytes)))
                    .orElse(Mono.empty());
        }
    }

    /** What cannot be written ends the connection: nothing that came after it would be understood. */
    private static void write(ChannelHandlerContext connection, Object message) {
        connection.write(message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** All is written. */
    @SuppressWarnings("FutureReturnValueIgnored") // the gate hears what becomes of the last message
    private static Mono<Void> end(ChannelHandlerContext connection, Object last) {
        connection.writeAndFlush(last);
        return Mono.empty();
    }
}
