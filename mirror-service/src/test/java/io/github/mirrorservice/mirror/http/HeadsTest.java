package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HeadsTest {

    private static final String FIRST = "GET /first HTTP/1.1\r\n\r\n";
    private static final String SECOND = "GET /second HTTP/1.1\r\n\r\n";

    private final List<Object> events = new ArrayList<>();
    private final EmbeddedChannel connection = new EmbeddedChannel(new Heads(), new ChannelInboundHandlerAdapter() {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            events.add(event);
        }
    });

    @AfterEach
    void close() {
        connection.finishAndReleaseAll();
    }

    @Test
    void what_is_sent_ahead_waits_as_bytes_and_nothing_more_is_read_meanwhile() {
        receive(FIRST + SECOND + "GET /th");
        assertThat(passed()).isEqualTo(FIRST);
        assertThat(connection.config().isAutoRead()).isFalse();

        answer();
        assertThat(passed()).isEqualTo(SECOND);
        assertThat(connection.config().isAutoRead()).isFalse();

        answer();
        assertThat(passed()).isEmpty();
        assertThat(connection.config().isAutoRead()).isTrue();
    }

    @Test
    void bytes_that_come_while_an_answer_is_under_way_wait_too() {
        receive(FIRST);
        receive(SECOND);
        assertThat(passed()).isEqualTo(FIRST);

        answer();
        assertThat(passed()).isEqualTo(SECOND);
    }

    @Test
    void one_at_a_time_is_read_on_for_as_long_as_it_lasts() {
        receive(FIRST);
        assertThat(connection.config().isAutoRead()).isTrue();
        answer();
        receive(SECOND);
        assertThat(passed()).isEqualTo(FIRST + SECOND);
        assertThat(connection.config().isAutoRead()).isTrue();
    }

    @Test
    void what_is_malformed_is_refused_in_its_turn() {
        receive(FIRST + "\0");
        assertThat(events).isEmpty();

        answer();
        assertThat(events).containsExactly(Ended.WHOLE, Refusal.MALFORMED);
        assertThat(passed()).isEqualTo(FIRST);
    }

    @Test
    void what_was_sent_behind_the_last_request_of_a_connection_is_not_heard() {
        receive(FIRST + SECOND);
        connection.pipeline().fireUserEventTriggered(Ended.WHOLE);
        connection.pipeline().close().syncUninterruptibly();
        connection.runPendingTasks();
        assertThat(passed()).isEqualTo(FIRST);
    }

    @Test
    void what_waits_is_let_go_with_the_connection() {
        ByteBuf bytes = Unpooled.copiedBuffer(FIRST + SECOND, StandardCharsets.US_ASCII);
        connection.writeInbound(bytes);
        connection.finishAndReleaseAll();
        assertThat(bytes.refCnt()).isZero();
    }

    private void receive(String bytes) {
        connection.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
    }

    private void answer() {
        connection.pipeline().fireUserEventTriggered(Ended.WHOLE);
        connection.runPendingTasks();
    }

    private String passed() {
        StringBuilder passed = new StringBuilder();
        for (ByteBuf bytes = connection.readInbound(); bytes != null; bytes = connection.readInbound()) {
            passed.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
        return passed.toString();
    }
}
