package io.github.mirrorservice.mirror.prove;

import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.GitAuthor;
import io.github.mirrorservice.mirror.git.GitLimits;
import io.github.mirrorservice.mirror.git.GitMirror;
import io.github.mirrorservice.mirror.git.GitRemote;
import io.github.mirrorservice.mirror.git.TreeChange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The commits of a proof, made of somebody's repository: they are written once and pushed again in every cell.
 *
 * @param base what a mirror starts with
 * @param wholes new histories with the same packages, in which no opam file is as it was before; the first is for warming up
 * @param merges commits on top of the last of these, each of which changes three opam files
 */
record Material(CommitId base, List<CommitId> wholes, List<CommitId> merges) {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final int FILES_A_MERGE = 3;
    private static final int STRIDE = 7919;

    /** Emits the commits once they are written. Fails as the source's mirror does. */
    static Mono<Material> of(GitRemote source, GitAuthor author, ProofPlan plan, Scheduler blocking) {
        return Mono.using(
                        () -> GitMirror.inMemory(source, GitLimits.STANDARD, blocking),
                        Material::files,
                        GitMirror::close)
                .publishOn(blocking)
                .map(files -> write(files, author, plan));
    }

    private static Mono<Map<String, byte[]>> files(GitMirror mirror) {
        return mirror.fetch()
                .flatMapMany(tip -> mirror.changes(Optional.empty(), tip.id()))
                .ofType(TreeChange.Put.class)
                .collectList()
                .flatMap(puts -> mirror.read(Flux.fromIterable(puts).map(TreeChange.Put::blob))
                        .zipWithIterable(puts, (blob, put) -> Map.entry(put.path(), blob.bytes()))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Material write(Map<String, byte[]> files, GitAuthor author, ProofPlan plan) {
        List<String> opamFiles = files.keySet().stream()
                .filter(path -> path.endsWith("/opam"))
                .sorted()
                .toList();
        if (opamFiles.isEmpty()) {
            throw new ProofException("there are no packages: name an opam repository with --remote");
        }
        CommitId base = author.startOver(present(files), "What is served at first", TIME);
        List<CommitId> wholes = IntStream.rangeClosed(0, plan.wholes())
                .mapToObj(number -> {
                    Map<String, Optional<byte[]>> all = present(files);
                    all.putAll(anew(files, opamFiles, number));
                    return author.startOver(all, "Every opam file anew: " + number, TIME.plusSeconds(number));
                })
                .toList();
        List<CommitId> merges = IntStream.range(0, plan.merges())
                .mapToObj(number -> author.commit(
                        anew(files, some(opamFiles, number), plan.wholes() + number + 1),
                        "Merge " + number,
                        TIME.plusSeconds(plan.wholes() + number + 1L)))
                .toList();
        return new Material(base, wholes, merges);
    }

    private static List<String> some(List<String> opamFiles, int number) {
        return IntStream.range(0, FILES_A_MERGE)
                .mapToObj(i -> opamFiles.get((number * FILES_A_MERGE + i) * STRIDE % opamFiles.size()))
                .distinct()
                .toList();
    }

    /** These files, with a number at their end. */
    private static Map<String, Optional<byte[]>> anew(Map<String, byte[]> files, Collection<String> paths, int number) {
        Map<String, byte[]> changed = new HashMap<>(files);
        changed.keySet().retainAll(Set.copyOf(paths));
        byte[] mark = ("\n# " + number + "\n").getBytes(StandardCharsets.US_ASCII);
        changed.replaceAll((path, content) -> join(content, mark));
        return present(changed);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Map<String, Optional<byte[]>> present(Map<String, byte[]> files) {
        return files.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> Optional.of(file.getValue()), (a, b) -> a, HashMap::new));
    }
}
