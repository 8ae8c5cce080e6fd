package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.LocalContent;
import io.github.mirrorservice.mirror.archive.Stores;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@SuppressWarnings("FutureReturnValueIgnored")
final class PiecesTest {

    @Test
    void what_an_answer_is_read_from_is_let_go_once_when_its_client_leaves(@TempDir Path directory) throws IOException {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        Logger logger = (Logger) LoggerFactory.getLogger(ChunkedWriteHandler.class);
        logger.addAppender(said);
        ArchiveStore store = Stores.onDisk(directory);
        Archive archive = Stores.keep(store, Bytes.random(1, 1_000_000));
        List<ChannelPromise> stuck = new ArrayList<>();
        EmbeddedChannel client = new EmbeddedChannel(
                new ChannelOutboundHandlerAdapter() {
                    @Override
                    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                        ReferenceCountUtil.release(message);
                        stuck.add(promise);
                    }

                    @Override
                    public void close(ChannelHandlerContext context, ChannelPromise promise) {
                        stuck.forEach(each -> each.tryFailure(new ClosedChannelException()));
                        context.close(promise);
                    }
                },
                new ChunkedWriteHandler(),
                new Pieces(16 * 1024));
        client.writeOneOutbound(((LocalContent) archive.content()).part(0, 1_000_000));
        client.flushOutbound();
        client.close().syncUninterruptibly();
        logger.detachAppender(said);
        assertThat(said.list).isEmpty();
    }
}
