package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A hostile or broken remote ends in one clear error, and once it is sound again, so is the next fetch. */
interface HostileRemoteContract extends MirrorFactory {

    /** Small, so that what has no end is cut soon; the test JVM has 512 MiB in all. */
    GitLimits LIMITS = new GitLimits(
            new GitLimits.Exchange(Duration.ofSeconds(2), Duration.ofSeconds(20), 1 << 20),
            new GitLimits.Pack(8 << 20, 100_000, 4 << 20),
            GitLimits.STANDARD.tree());

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostilities")
    default void it_ends_in_one_clear_error_and_heals(
            String name,
            String asked,
            GitServer.Answer answer,
            Class<? extends GitException> type,
            String message,
            @TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitServer server = GitServer.serving(upstream.path());
                GitMirror mirror = mirror(GitRemote.parse(server.url()), LIMITS)) {
            upstream.commit("a=1", "b=1");
            server.misbehave(asked, answer);

            assertThat(Now.error(type, mirror.fetch()))
                    .hasMessageStartingWith(server.url())
                    .hasMessageContaining(message)
                    .hasMessageContaining("Remedy: ");

            server.behave();
            Now.value(mirror.fetch());
            CommitId healed = upstream.commit("a=2");
            // After a failure nothing is remembered, so that everything is asked for again.
            server.misbehave(GitServer.REFERENCES, Hostility.status(500));
            Now.error(GitException.Unreachable.class, mirror.fetch());
            server.behave();
            server.misbehave(asked, answer);
            assertThat(Now.error(type, mirror.fetch())).hasMessageContaining(message);
            server.behave();
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(healed);
        }
    }

    static Stream<Arguments> hostilities() {
        return Stream.concat(answers(), packs());
    }

    private static Stream<Arguments> answers() {
        byte[] garbage = Hostility.garbage();
        return Stream.of(
                unreachable("401", GitServer.CAPABILITIES, Hostility.status(401), "it wants a user and a password"),
                unreachable("403", GitServer.CAPABILITIES, Hostility.status(403), "it forbids the access"),
                unreachable("404", GitServer.CAPABILITIES, Hostility.status(404), "there is no Git repository"),
                unreachable("500", GitServer.REFERENCES, Hostility.status(500), "answers HTTP 500"),
                unreachable("503", GitServer.OBJECTS, Hostility.status(503), "it is overloaded"),
                unreachable("a page", GitServer.CAPABILITIES, Hostility.status(200), "of type text/html"),
                unreachable("a page later", GitServer.OBJECTS, Hostility.status(200), "of type text/html"),
                unreachable("empty", GitServer.CAPABILITIES, Hostility.raw("advertisement", new byte[0]), "broke off"),
                unreachable("garbage", GitServer.CAPABILITIES, Hostility.raw("advertisement", garbage), ""),
                corrupt("garbage references", GitServer.REFERENCES, Hostility.raw("result", garbage), ""),
                corrupt("garbage objects", GitServer.OBJECTS, Hostility.raw("result", garbage), ""),
                corrupt(
                        "endless references",
                        GitServer.REFERENCES,
                        Hostility.endlessReferences(),
                        "too much that is not"),
                corrupt(
                        "endless messages",
                        GitServer.OBJECTS,
                        Hostility.endlessMessages(new byte[0]),
                        "too much that is"),
                corrupt(
                        "endless messages in a pack",
                        GitServer.OBJECTS,
                        Hostility.endlessMessages(Arrays.copyOf(new RawPack().bytes(2), 12)),
                        "too much that is not pack"));
    }

    private static Stream<Arguments> packs() {
        byte[] honest = new RawPack().object(Constants.OBJ_BLOB, new byte[1000]).bytes();
        return Stream.of(
                pack("2 billion objects", new RawPack().bytes(2_000_000_000), "a pack of 2000000000 objects"),
                pack(
                        "one of 1 GiB",
                        new RawPack().lie(Constants.OBJ_BLOB, 1 << 30).bytes(),
                        "too large"),
                pack(
                        "a tree of 1 GiB",
                        new RawPack().lie(Constants.OBJ_TREE, 1 << 30).bytes(),
                        "too large"),
                pack("a bomb", bomb(), "bytes in a pack of"),
                pack("a bomb of trees", treeBomb(), "bytes in a pack of"),
                pack("a delta of 1 GiB", deltas(1, 1 << 14), "too large"),
                pack("a bomb of deltas", deltas(200, 16), "bytes in a pack of"),
                pack("too long", endless(), "a pack that is too long"),
                pack("no pack", Hostility.garbage(), ""),
                pack("wrong hash", Arrays.copyOf(honest, honest.length + 3), ""),
                pack("..", tree(".."), "not what Git allows"),
                pack(".GIT", tree(".GIT"), "not what Git allows"),
                pack("a/b", tree("a/b"), "not what Git allows"),
                pack("an empty name", tree(""), "not what Git allows"),
                pack(".", tree("."), "not what Git allows"),
                pack(".git", tree(".git"), "not what Git allows"),
                pack(".git and a space", tree(".git "), "not what Git allows"),
                pack("git~1", tree("git~1"), "not what Git allows"),
                pack("a name twice", tree("a", "a"), "not what Git allows"),
                pack("names out of order", tree("b", "a"), "not what Git allows"),
                pack("NUL in a name", tree("a\0b"), "not what Git allows"),
                unreachable(
                        "truncated",
                        GitServer.OBJECTS,
                        Hostility.pack(Arrays.copyOf(honest, honest.length / 2)),
                        "broke off in the middle"));
    }

    private static Arguments pack(String name, byte[] pack, String message) {
        return corrupt(name, GitServer.OBJECTS, Hostility.pack(pack), message);
    }

    private static Arguments corrupt(String name, String asked, GitServer.Answer answer, String message) {
        return Arguments.of(name, asked, answer, GitException.Corrupt.class, message);
    }

    private static Arguments unreachable(String name, String asked, GitServer.Answer answer, String message) {
        return Arguments.of(name, asked, answer, GitException.Unreachable.class, message);
    }

    /** 200 MiB of zeros in 200 KiB: each object alone is within the limits. */
    private static byte[] bomb() {
        RawPack pack = new RawPack();
        for (int i = 0; i < 200; i++) {
            byte[] zeros = new byte[1 << 20];
            zeros[0] = (byte) i;
            pack.object(Constants.OBJ_BLOB, zeros);
        }
        return pack.bytes();
    }

    /** More than the limit of bytes that cannot be compressed. */
    private static byte[] endless() {
        Random random = new Random(1);
        RawPack pack = new RawPack();
        for (int i = 0; i < 10; i++) {
            byte[] noise = new byte[1 << 20];
            random.nextBytes(noise);
            pack.object(Constants.OBJ_BLOB, noise);
        }
        return pack.bytes();
    }

    /** 200 MiB of trees that Git allows, each with one name. */
    private static byte[] treeBomb() {
        RawPack pack = new RawPack();
        for (int i = 0; i < 200; i++) {
            byte[] name = ("x".repeat(1 << 20) + i).getBytes(StandardCharsets.US_ASCII);
            TreeFormatter tree = new TreeFormatter();
            tree.append(name, 0, name.length, FileMode.REGULAR_FILE, ObjectId.fromString("1".repeat(40)), true);
            pack.object(Constants.OBJ_TREE, tree.toByteArray());
        }
        return pack.bytes();
    }

    /** Objects that are large when they are put together, each from the one before it. */
    private static byte[] deltas(int count, int times) {
        byte[] content = new byte[1 << 16];
        RawPack pack = new RawPack().object(Constants.OBJ_BLOB, content);
        for (int i = 1; i <= count; i++) {
            pack.delta(id(Constants.OBJ_BLOB, content), content.length, (byte) i, times);
            if (i < count) {
                content = put(content, (byte) i, times);
            }
        }
        return pack.bytes();
    }

    /** What a delta makes. */
    private static byte[] put(byte[] base, byte first, int times) {
        byte[] made = new byte[1 + (times << 16)];
        made[0] = first;
        for (int time = 0; time < times; time++) {
            System.arraycopy(base, 0, made, 1 + (time << 16), 1 << 16);
        }
        return made;
    }

    /** A commit with files of these names. */
    private static byte[] tree(String... names) {
        byte[] content = "x".getBytes(StandardCharsets.US_ASCII);
        TreeFormatter tree = new TreeFormatter();
        ObjectId blob = id(Constants.OBJ_BLOB, content);
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            tree.append(bytes, 0, bytes.length, FileMode.REGULAR_FILE, blob, true);
        }
        return new RawPack()
                .object(Constants.OBJ_BLOB, content)
                .object(Constants.OBJ_TREE, tree.toByteArray())
                .object(Constants.OBJ_COMMIT, commit(id(Constants.OBJ_TREE, tree.toByteArray())))
                .bytes();
    }

    private static byte[] commit(ObjectId tree) {
        String who = "a <a@b> 1 +0000\n";
        String commit = "tree " + tree.name() + "\nauthor " + who + "committer " + who + "\nhostile\n";
        return commit.getBytes(StandardCharsets.US_ASCII);
    }

    private static ObjectId id(int type, byte[] content) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(type, content);
        }
    }
}
