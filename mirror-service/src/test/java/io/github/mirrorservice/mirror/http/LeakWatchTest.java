package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeakWatchTest {

    @Test
    void a_buffer_that_nobody_releases_is_noticed() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16);

        List<String> leaks = new ArrayList<>();
        for (int round = 0; round < 50 && leaks.isEmpty(); round++) {
            leaks.addAll(LeakWatch.leaks());
        }
        assertThat(leaks).anySatisfy(leak -> assertThat(leak).contains("LeakWatchTest"));
    }
}
