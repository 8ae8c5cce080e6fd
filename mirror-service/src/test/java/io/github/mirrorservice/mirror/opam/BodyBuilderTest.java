package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BodyBuilderTest {

    private static final String ABC_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void neighbours_in_one_buffer_are_one_part_again() {
        ByteBuffer buffer = Stretch.of("_abc".getBytes(US_ASCII)).buffer();

        Body body = body(List.of(new Stretch(buffer, 1, 1), new Stretch(buffer, 2, 2)));

        assertThat(body.parts()).hasSize(1);
        assertThat(body.length()).isEqualTo(3);
        assertThat(body.sha256()).isEqualTo(ABC_SHA256);
    }

    @Test
    void few_parts_are_taken_as_they_are_and_in_their_order() {
        ByteBuffer buffer = Stretch.of("cab".getBytes(US_ASCII)).buffer();

        Body body = body(List.of(new Stretch(buffer, 1, 2), new Stretch(buffer, 0, 1)));

        assertThat(body.parts()).hasSize(2).allMatch(ByteBuffer::isDirect).allMatch(ByteBuffer::isReadOnly);
        assertThat(body.sha256()).isEqualTo(ABC_SHA256);
        assertThat(new String(Untar.bytes(body), US_ASCII)).isEqualTo("abc");
    }

    @Test
    void more_parts_than_a_socket_takes_at_once_become_one() {
        List<Stretch> many = IntStream.range(0, 65)
                .mapToObj(i -> Stretch.of(new byte[] {(byte) i}))
                .toList();

        Body body = body(many);

        assertThat(body.parts()).hasSize(1).allMatch(ByteBuffer::isDirect).allMatch(ByteBuffer::isReadOnly);
        assertThat(Untar.bytes(body)).hasSize(65).startsWith(0, 1, 2).endsWith(63, 64);
        assertThat(body.sha256()).isEqualTo(Body.of(Untar.bytes(body)).sha256());
    }

    @Test
    void many_long_parts_become_few_and_none_is_torn() {
        List<Stretch> many = IntStream.range(0, 65)
                .mapToObj(i -> Stretch.of(noise(i, 20_000 + i)))
                .toList();

        Body body = body(many);

        assertThat(body.parts()).hasSizeBetween(2, 6);
        assertThat(body.parts().subList(0, body.parts().size() - 1)).allMatch(part -> part.limit() >= 256 * 1024);
        assertThat(ends(many.stream().map(Stretch::length)))
                .containsAll(ends(body.parts().stream().map(ByteBuffer::limit)));
        assertThat(body.sha256()).isEqualTo(Body.of(Untar.bytes(body)).sha256());
        assertThat(Untar.bytes(body)).startsWith(noise(0, 20_000)).endsWith(noise(64, 20_064));
    }

    /** Where each of these parts ends. */
    private static List<Integer> ends(Stream<Integer> lengths) {
        AtomicInteger end = new AtomicInteger();
        return lengths.map(end::addAndGet).toList();
    }

    private static byte[] noise(int seed, int length) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    @Test
    void a_long_part_is_digested_in_pieces() {
        byte[] content = new byte[100_000];

        BodyBuilder builder = new BodyBuilder(List.of(Stretch.of(content)));

        assertThat(builder.pieces()).hasSize(4).allMatch(piece -> piece.bytes().remaining() <= 32 * 1024);
    }

    private static Body body(List<Stretch> content) {
        BodyBuilder builder = new BodyBuilder(content);
        builder.pieces().forEach(builder::add);
        return builder.build();
    }
}
