package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.git.Blob;
import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.GitClone;
import io.github.mirrorservice.mirror.git.GitException;
import io.github.mirrorservice.mirror.git.TreeChange;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A remote that a simulation writes, and its clone: commits as maps. */
final class SimulatedGit implements GitClone {

    private static final Instant BEGIN = Instant.ofEpochSecond(1_700_000_000);

    private final Map<BlobId, byte[]> blobs = new HashMap<>();
    private final Map<CommitId, TreeMap<String, BlobId>> commits = new LinkedHashMap<>();
    private final TreeMap<String, BlobId> tree = new TreeMap<>();
    private List<CommitId> cloned = new ArrayList<>();
    private Commit tip = new Commit(new CommitId("0".repeat(40)), BEGIN);
    private boolean reachable = true;
    private Optional<Scheduler> lane = Optional.empty();

    /** Writes a file, which the next commit has. */
    void put(String path, String content) {
        byte[] bytes = content.getBytes(UTF_8);
        BlobId id = new BlobId(sha1(content));
        blobs.put(id, bytes);
        tree.put(path, id);
    }

    void remove(String path) {
        tree.remove(path);
    }

    void commit() {
        CommitId id = new CommitId(sha1("commit " + commits.size()));
        commits.put(id, new TreeMap<>(tree));
        tip = new Commit(id, BEGIN.plusSeconds(commits.size()));
    }

    /** How many commits came before this one. */
    int number(String revision) {
        return List.copyOf(commits.keySet()).indexOf(new CommitId(revision));
    }

    String tip() {
        return tip.id().hex();
    }

    void reachable(boolean next) {
        reachable = next;
    }

    /** What was fetched is gone, as it is after a restart with a clone in memory. */
    void forget() {
        cloned = new ArrayList<>();
    }

    /** Where the work of the process runs that uses the clone now. */
    void runOn(Scheduler next) {
        lane = Optional.of(next);
    }

    @Override
    public Mono<Commit> fetch() {
        return Mono.fromSupplier(() -> {
                    if (!reachable) {
                        throw new GitException.Unreachable("nobody answers");
                    }
                    cloned.add(tip.id());
                    return tip;
                })
                .subscribeOn(lane.orElseThrow());
    }

    @Override
    public Mono<Boolean> holds(CommitId commit) {
        return Mono.fromSupplier(() -> cloned.contains(commit)).subscribeOn(lane.orElseThrow());
    }

    @Override
    public Flux<TreeChange> changes(Optional<CommitId> from, CommitId to) {
        return Flux.defer(() -> Flux.fromIterable(difference(
                        from.map(commits::get).orElseGet(TreeMap::new), Objects.requireNonNull(commits.get(to)))))
                .subscribeOn(lane.orElseThrow());
    }

    private static List<TreeChange> difference(Map<String, BlobId> before, Map<String, BlobId> after) {
        TreeSet<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        List<TreeChange> changes = new ArrayList<>();
        for (String path : paths) {
            if (!after.containsKey(path)) {
                changes.add(new TreeChange.Removed(path));
            } else if (!after.get(path).equals(before.get(path))) {
                changes.add(new TreeChange.Put(path, after.get(path)));
            }
        }
        return changes;
    }

    @Override
    public Flux<Blob> read(Flux<BlobId> ids) {
        return ids.publishOn(lane.orElseThrow()).map(id -> new Blob(id, Objects.requireNonNull(blobs.get(id))));
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
