package io.github.mirrorservice.mirror.archive;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it is told. */
public final class RecordedWatch implements ArchiveWatch {

    public final List<Result> results = new CopyOnWriteArrayList<>();
    public final List<SourceFailure.Kind> fetched = new CopyOnWriteArrayList<>();
    public final List<SourceFailure> failed = new CopyOnWriteArrayList<>();
    public final List<Archive> rotten = new CopyOnWriteArrayList<>();

    @Override
    public void requested(Result result) {
        results.add(result);
    }

    @Override
    public void fetched(SourceFailure.Kind source, Duration taken, long bytes) {
        fetched.add(source);
    }

    @Override
    public void failed(SourceFailure failure) {
        failed.add(failure);
    }

    @Override
    public void obtained(Wanted wanted, Archive archive) {}

    @Override
    public void rotten(Archive archive) {
        rotten.add(archive);
    }

    @Override
    public void broken(ArchiveException.Store failure) {}
}
