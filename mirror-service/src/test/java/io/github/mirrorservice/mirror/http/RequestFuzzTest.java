package io.github.mirrorservice.mirror.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whatever clients send. */
final class RequestFuzzTest {

    private static final long LENGTH = 1_000;
    private static final DefaultHttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);
    private static final Conditional.Validators CURRENT =
            new Conditional.Validators("\"tag\"", Optional.of(Instant.ofEpochSecond(1_700_000_000)), LENGTH);

    /** The requests that get through the gate of a connection which is sent these bytes in pieces of this size. */
    private static List<String> requests(byte[] bytes, int piece) {
        List<String> requests = new ArrayList<>();
        EmbeddedChannel connection = new EmbeddedChannel(
                new Heads(),
                new HttpRequestDecoder(Reception.HEADS),
                new AnswerEncoder(),
                new Gate(request -> request.uri().equals("/update")),
                new Answering(requests));
        for (int at = 0; at < bytes.length && connection.isOpen(); at += piece) {
            connection.writeInbound(Unpooled.wrappedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
            connection.runPendingTasks();
        }
        connection.finishAndReleaseAll();
        return requests;
    }

    /** Answers each request when all of it has come. */
    private static final class Answering extends ChannelInboundHandlerAdapter {

        private final List<String> requests;

        Answering(List<String> requests) {
            this.requests = requests;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // what is written is not looked at
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                Optional<Refusal> refusal = Refusal.of(request.uri());
                requests.add(refusal.map(Refusal::name).orElse(request.method() + " " + request.uri()));
                if (refusal.isEmpty()) {
                    assertThat(request.decoderResult().isSuccess()).isTrue();
                    assertThat(Target.isPlain(request.uri())).isTrue();
                    assertThat(request.headers().getAll(HttpHeaderNames.HOST)).hasSizeLessThan(2);
                    assertThat(request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING))
                            .isFalse();
                }
            }
            boolean ends = message instanceof LastHttpContent;
            ReferenceCountUtil.release(message);
            if (ends) {
                context.writeAndFlush(new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER));
            }
        }
    }

    @FuzzTest
    void requests_are_the_same_however_their_bytes_are_cut(byte[] bytes) {
        assertThat(requests(bytes, 1)).isEqualTo(requests(bytes, Integer.MAX_VALUE / 2));
    }

    @FuzzTest
    void a_range_is_inside_of_what_there_is(FuzzedDataProvider data) {
        String header = data.consumeRemainingAsString();
        if (Ranges.judge(header, LENGTH) instanceof Verdict.Part part) {
            assertThat(part.first()).isBetween(0L, part.last());
            assertThat(part.last()).isLessThan(LENGTH);
        }
    }

    @FuzzTest
    void conditions_of_any_kind_are_judged(FuzzedDataProvider data) {
        Map<String, String> fields = Map.of(
                "if-match", data.consumeString(40),
                "if-none-match", data.consumeString(40),
                "if-modified-since", data.consumeString(40),
                "if-unmodified-since", data.consumeString(40),
                "if-range", data.consumeString(40),
                "range", data.consumeString(40));
        int chosen = data.consumeInt(0, 63);
        List<String> names = List.copyOf(fields.keySet());
        Verdict verdict = Conditional.judge(
                CURRENT,
                name -> Optional.ofNullable(fields.get(name)).filter(value -> (chosen >> names.indexOf(name) & 1) == 1),
                data.consumeBoolean());
        assertThat(verdict).isNotNull();
    }

    @FuzzTest
    void a_date_is_none_or_can_be_written(FuzzedDataProvider data) {
        String header = data.consumeRemainingAsString();
        Dates.parse(header).ifPresent(date -> assertThat(Dates.format(date)).isNotEmpty());
    }

    @FuzzTest
    void who_does_not_know_the_secret_signs_nothing(FuzzedDataProvider data) throws IOException {
        WebhookSecret secret = WebhookSecret.of("a secret that is long enough");
        HttpHeaders headers = HEADERS.newHeaders();
        for (String name : List.of("X-Hub-Signature-256", "X-Hub-Signature", "X-Gitea-Signature", "X-Gitlab-Token")) {
            headers.add(name, data.consumeString(80));
        }
        byte[] digest = secret.mac().doFinal(data.consumeRemainingAsString().getBytes(ISO_8859_1));
        assertThat(Webhook.isSigned(headers, digest, secret)).isFalse();
    }
}
