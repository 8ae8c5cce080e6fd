package io.github.mirrorservice.mirror.opam;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.git.TreeChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MergedEntriesTest {

    private static final BlobId BLOB = new BlobId("0".repeat(40));

    @Test
    void entries_that_stay_come_in_batches_and_an_edit_ends_one() {
        TreeEdit edit = new TreeEdit(tree(200))
                .add(new TreeChange.Removed(path(100)))
                .add(new TreeChange.Put(path(101), new BlobId("1".repeat(40))))
                .add(new TreeChange.Put(path(300), BLOB));

        assertThat(batches(edit)).extracting(batch -> batch.entries().size()).containsExactly(64, 36, 1, 64, 35);
    }

    @Test
    void each_batch_tells_the_census_as_far_as_it_was_edited() {
        TreeEdit edit = new TreeEdit(tree(3))
                .add(new TreeChange.Removed(path(0)))
                .add(new TreeChange.Put(path(1), BLOB))
                .add(new TreeChange.Put(path(3), BLOB))
                .add(new TreeChange.Put(path(4), BLOB));

        assertThat(batches(edit))
                .extracting(batch -> batch.census().opamFiles())
                .containsExactly(2, 2, 3, 4);
    }

    private static List<MergedEntries.Batch> batches(TreeEdit edit) {
        List<MergedEntries.Batch> batches = new ArrayList<>();
        new MergedEntries(edit).forEachRemaining(batches::add);
        return batches;
    }

    private static OpamTree tree(int opamFiles) {
        List<Entry> entries = IntStream.range(0, opamFiles)
                .mapToObj(i -> Entry.unread(path(i), BLOB))
                .toList();
        Census census = entries.stream().reduce(Census.EMPTY, Census::plus, (one, other) -> other);
        return new OpamTree(Optional.empty(), Optional.empty(), Optional.empty(), entries, census, List.of());
    }

    private static String path(int version) {
        return "packages/a/a.%03d/opam".formatted(version);
    }
}
