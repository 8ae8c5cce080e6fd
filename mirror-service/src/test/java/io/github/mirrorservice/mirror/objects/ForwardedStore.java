package io.github.mirrorservice.mirror.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** An object store that does what another one does, but for what a test overrides. */
public class ForwardedStore implements ObjectStore {

    private final ObjectStore store;

    public ForwardedStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public boolean create(String key, byte[] content) throws IOException {
        return store.create(key, content);
    }

    @Override
    public boolean create(String key, Path file) throws IOException {
        return store.create(key, file);
    }

    @Override
    public void replace(String key, byte[] content) throws IOException {
        store.replace(key, content);
    }

    @Override
    public Optional<Listed> find(String key) throws IOException {
        return store.find(key);
    }

    @Override
    public Optional<Fetched> get(String key, int most) throws IOException {
        return store.get(key, most);
    }

    @Override
    public InputStream open(String key) throws IOException {
        return store.open(key);
    }

    @Override
    public Flux<ByteBuffer> read(String key, long first, long count) {
        return store.read(key, first, count);
    }

    @Override
    public List<Listed> list(String prefix, String after) throws IOException {
        return store.list(prefix, after);
    }

    @Override
    public void copy(String key, String target) throws IOException {
        store.copy(key, target);
    }

    @Override
    public void delete(String key) throws IOException {
        store.delete(key);
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public String toString() {
        return store.toString();
    }
}
