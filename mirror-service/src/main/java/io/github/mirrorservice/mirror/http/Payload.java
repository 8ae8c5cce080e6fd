package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.Content;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCounted;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/** What an answer carries. It holds nothing that would have to be released: that begins when it is sent. */
sealed interface Payload {

    /** Nothing. */
    Payload NONE = new Bytes(Unpooled.EMPTY_BUFFER);

    /** Hands it to the connection. */
    NettyOutbound send(HttpServerResponse response);

    /**
     * Bytes in memory.
     *
     * @param bytes on memory that needs no release
     */
    record Bytes(ByteBuf bytes) implements Payload {

        @Override
        public NettyOutbound send(HttpServerResponse response) {
            return response.sendObject(bytes.duplicate());
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
        public NettyOutbound send(HttpServerResponse response) {
            return response.sendObject(content.part(first, count));
        }
    }

    /**
     * Bytes that are still coming; a part is asked for when the one before has left. If they break off, so does the
     * connection: whoever reads it sees that it is not all.
     *
     * @param parts what a connection can be written, made when it is; one by one, since a list may hold no file region
     */
    record Stream(Flux<Mono<ReferenceCounted>> parts) implements Payload {

        @Override
        public NettyOutbound send(HttpServerResponse response) {
            return response.then(parts.concatMap(response::sendObject, 0)
                    .onErrorResume(ArchiveException.class, broken -> cut(response)));
        }

        /** Closes the connection, and fails only then: a failure before that would be logged as one of this program. */
        private static Mono<Void> cut(HttpServerResponse response) {
            return Mono.create(sink -> response.withConnection(connection ->
                    connection.channel().close().addListener(closed -> sink.error(AbortedException.beforeSend()))));
        }
    }
}
