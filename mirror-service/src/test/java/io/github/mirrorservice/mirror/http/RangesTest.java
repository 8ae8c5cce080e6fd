package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RangesTest {

    /** Cases of RFC 9110, section 14.1.2, of nginx's range tests, and of clients that count wrong. */
    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-499        | 10000 | 0-499",
                "bytes=500-999      | 10000 | 500-999",
                "bytes=-500         | 10000 | 9500-9999",
                "bytes=9500-        | 10000 | 9500-9999",
                "bytes=0-0          | 10000 | 0-0",
                "bytes=0-           | 10000 | 0-9999",
                "bytes=9999-9999    | 10000 | 9999-9999",
                "bytes=9999-10000   | 10000 | 9999-9999",
                "bytes=9000-99999999999999999999999999 | 10000 | 9000-9999",
                "bytes=-10000       | 10000 | 0-9999",
                "bytes=-10001       | 10000 | 0-9999",
                "bytes=-99999999999999999999999999     | 10000 | 0-9999",
                "bytes=-1           | 10000 | 9999-9999",
                "bytes=007-0010     | 10000 | 7-10",
                "Bytes=0-4          | 10000 | 0-4",
                "bytes= 0-4         | 10000 | 0-4",
                "bytes=0-0          | 1     | 0-0",
                "bytes=10000-       | 10000 | none",
                "bytes=10000-10001  | 10000 | none",
                "bytes=99999999999999999999999999-     | 10000 | none",
                "bytes=-0           | 10000 | none",
                "bytes=-000         | 10000 | none",
                "bytes=0-           | 0     | none",
                "bytes=0-0          | 0     | none",
                "bytes=-1           | 0     | none",
                "bytes=5-4          | 10000 | whole",
                "bytes=20000-19999  | 10000 | whole",
                "bytes=             | 10000 | whole",
                "bytes=-            | 10000 | whole",
                "bytes              | 10000 | whole",
                "bytes=0-4,10-14    | 10000 | whole",
                "bytes=0-4,         | 10000 | whole",
                "bytes=0-0,-1       | 10000 | whole",
                "bytes=a-b          | 10000 | whole",
                "bytes=0x0-0x4      | 10000 | whole",
                "bytes=+0-4         | 10000 | whole",
                "bytes=0 - 4        | 10000 | whole",
                "bytes=0-4 x        | 10000 | whole",
                "bytes=--5          | 10000 | whole",
                "bytes:0-4          | 10000 | whole",
                "bytes =0-4         | 10000 | whole",
                "octets=0-4         | 10000 | whole",
                "0-4                | 10000 | whole",
                "bytes=\u0660-\u0664 | 10000 | whole",
            })
    void a_range_asks_for_a_part_for_the_whole_or_for_what_is_not_there(String range, long length, String expected) {
        assertThat(shown(Ranges.judge(range, length))).isEqualTo(expected);
    }

    private static String shown(Verdict verdict) {
        if (verdict instanceof Verdict.Part part) {
            return part.first() + "-" + part.last();
        }
        return verdict instanceof Verdict.Whole ? "whole" : "none";
    }
}
