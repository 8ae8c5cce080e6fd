package io.github.mirrorservice.mirror.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What an HTTP remote said of its capabilities, remembered from one fetch to the next. In version 2 of Git's protocol the
 * answer is always the same and holds no references, so that not asking again saves one of two or three round trips.
 */
final class Capabilities {

    /** More than this is no answer of version 2. */
    private static final int MOST = 1 << 14;

    private volatile Optional<byte[]> known = Optional.empty();

    Optional<InputStream> known() {
        return known.map(ByteArrayInputStream::new);
    }

    /** Forgets the answer; a fetch that failed may have failed because it is not true any more. */
    void forget() {
        known = Optional.empty();
    }

    /** Takes note of an answer while it is read. */
    InputStream note(InputStream answer) throws IOException {
        byte[] beginning = answer.readNBytes(MOST);
        if (beginning.length < MOST && new String(beginning, StandardCharsets.US_ASCII).contains("version 2")) {
            known = Optional.of(beginning);
        }
        return new SequenceInputStream(new ByteArrayInputStream(beginning), answer);
    }
}
