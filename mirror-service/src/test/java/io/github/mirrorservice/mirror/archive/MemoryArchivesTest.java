package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Archives in memory. */
final class MemoryArchivesTest implements ArchiveStoreContract {

    private final MemoryArchives store = new MemoryArchives(1_000_000);

    @Override
    public ArchiveStore store() {
        return store;
    }

    @Test
    void it_refuses_what_goes_beyond_its_capacity_and_takes_what_fits_again() throws IOException {
        Archive large = Stores.keep(store, Bytes.random(1, 900_000));
        assertThatThrownBy(() -> Stores.keep(store, Bytes.random(2, 200_000))).isInstanceOf(IOException.class);
        Stores.keep(store, Bytes.random(3, 90_000));
        store.remove(large).block(Stores.PATIENCE);
        Stores.keep(store, Bytes.random(2, 200_000));
        assertThat(Stores.all(store)).hasSize(2);
    }
}
