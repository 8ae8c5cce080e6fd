package io.github.mirrorservice.mirror.opam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Crc32sTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 7", "7, 0", "1, 1", "10, 65536", "65537, 3", "1000, 1048577"})
    void the_joined_crc_is_the_crc_of_the_joined_bytes(int first, int second) {
        byte[] bytes = new byte[first + second];
        new Random(first * 31L + second).nextBytes(bytes);

        assertThat(Crc32s.join(crc(bytes, 0, first), crc(bytes, first, second), second))
                .isEqualTo(crc(bytes, 0, bytes.length));
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
