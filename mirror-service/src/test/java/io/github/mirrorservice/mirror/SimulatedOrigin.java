package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.github.mirrorservice.mirror.archive.upstream.Origin;
import io.github.mirrorservice.mirror.archive.upstream.Reply;
import io.github.mirrorservice.mirror.archive.upstream.Request;
import io.github.mirrorservice.mirror.archive.upstream.Resume;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** The hosts of archives: they answer in pieces, with pauses, and as badly as a simulation wants. */
final class SimulatedOrigin implements Origin {

    private static final int PIECE = 50_000;

    private final Map<String, byte[]> files = new HashMap<>();
    private final Random random;
    private Optional<Scheduler> timer = Optional.empty();
    private int badness;

    /** What a host may do to a request. */
    private enum Manner {
        REFUSES,
        RESETS,
        CUTS_SHORT,
        CHANGES_BYTES,
        SENDS_A_PAGE,
        HANGS
    }

    SimulatedOrigin(Random random) {
        this.random = random;
    }

    void put(String url, byte[] bytes) {
        files.put(url, bytes);
    }

    /** How many of a hundred requests are answered badly from now on. */
    void bad(int percent) {
        badness = percent;
    }

    void runOn(Scheduler next) {
        timer = Optional.of(next);
    }

    @Override
    public <T> Flux<T> get(Request request, Function<Reply, ? extends Publisher<T>> receiver) {
        return Flux.defer(() -> {
                    byte[] all = files.get(request.url());
                    if (all == null) {
                        return Flux.error(new ArchiveException.Source(Reason.ADDRESS, "no such file"));
                    }
                    Optional<Manner> manner = random.nextInt(100) < badness
                            ? Optional.of(Manner.values()[random.nextInt(Manner.values().length)])
                            : Optional.empty();
                    return manner.filter(Manner.REFUSES::equals).isPresent()
                            ? Flux.<T>error(truncated())
                            : Flux.from(receiver.apply(reply(all, request.resume(), manner)));
                })
                .delaySubscription(pause(), timer.orElseThrow());
    }

    private Duration pause() {
        return Duration.ofMillis(1 + random.nextInt(30));
    }

    private static ArchiveException.Source truncated() {
        return new ArchiveException.Source(Reason.TRUNCATED, "broke off");
    }

    private Reply reply(byte[] all, Optional<Resume> resume, Optional<Manner> manner) {
        boolean resumes = resume.isPresent() && random.nextBoolean();
        int from = resumes ? (int) resume.orElseThrow().from() : 0;
        byte[] sent =
                manner.filter(Manner.SENDS_A_PAGE::equals).isPresent() ? "<html>".getBytes(US_ASCII) : all.clone();
        if (manner.filter(Manner.CHANGES_BYTES::equals).isPresent()) {
            sent[random.nextInt(sent.length)] ^= 1;
        }
        boolean ends = manner.isEmpty() || sent.length != all.length || !Arrays.equals(sent, all);
        int length = ends ? sent.length : random.nextInt(sent.length);
        return new Reply(
                random.nextInt(4) == 0 ? OptionalLong.empty() : OptionalLong.of(all.length),
                from,
                Optional.of("\"v\""),
                body(sent, Math.min(from, length), length).concatWith(end(ends, manner)));
    }

    private Flux<ByteBuf> body(byte[] bytes, int from, int until) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = from; at < until; at += PIECE) {
            pieces.add(Arrays.copyOfRange(bytes, at, Math.min(at + PIECE, until)));
        }
        return Flux.fromIterable(pieces)
                .delayElements(pause(), timer.orElseThrow())
                .map(Unpooled::wrappedBuffer);
    }

    private Flux<ByteBuf> end(boolean well, Optional<Manner> manner) {
        if (well || manner.filter(Manner.CUTS_SHORT::equals).isPresent()) {
            return Flux.empty();
        }
        Flux<ByteBuf> broken = Flux.error(truncated());
        return manner.filter(Manner.HANGS::equals).isPresent()
                ? broken.delaySubscription(Duration.ofSeconds(30), timer.orElseThrow())
                : broken;
    }
}
