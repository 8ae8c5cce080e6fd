package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.opam.format.OpamSyntaxException;
import io.github.mirrorservice.mirror.opam.format.RepoFile;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * The files of the index that are not below {@code packages/}. They stand behind the packages, in path order.
 *
 * @param repo the {@code repo} file as it is served
 * @param version the {@code version} file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RootFiles(byte[] repo, Optional<byte[]> version) {

    private static final int LARGEST = 64 * 1024;

    /** The root files of a snapshot; fails with {@link OpamException.Held} if clients could not read them. */
    static RootFiles of(Optional<byte[]> repo, Optional<byte[]> version, CommitId commit, Optional<String> cache) {
        repo.ifPresent(bytes -> requireSmall("repo", bytes));
        version.ifPresent(bytes -> requireSmall("version", bytes));
        return new RootFiles(stamped(repo, commit, cache), version);
    }

    private static void requireSmall(String name, byte[] bytes) {
        if (bytes.length > LARGEST) {
            throw new OpamException.Held(
                    name, "the file %s is larger than %d bytes: mend it in the repository".formatted(name, LARGEST));
        }
    }

    private static byte[] stamped(Optional<byte[]> repo, CommitId commit, Optional<String> cache) {
        try {
            return repo.map(RepoFile::parse).orElseGet(RepoFile::minimal).stampedWith(commit, cache);
        } catch (OpamSyntaxException broken) {
            throw new OpamException.Held("repo", broken.getMessage() + ": mend this file in the repository");
        }
    }

    /** The end of the index: these files and the end of the archive, deflated without regard to what stands before. */
    Deflated deflate() {
        byte[] tar = tar();
        CRC32 crc = new CRC32();
        crc.update(tar);
        return new Deflated(Stretch.of(deflate(tar)), tar.length, (int) crc.getValue());
    }

    private byte[] tar() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes(Tar.Member.of("repo", repo).bytes());
        version.ifPresent(
                bytes -> tar.writeBytes(Tar.Member.of("version", bytes).bytes()));
        tar.writeBytes(Tar.END);
        return tar.toByteArray();
    }

    private static byte[] deflate(byte[] tar) {
        Deflater deflater = new Deflater(SegmentWriter.LEVEL, true);
        deflater.setInput(tar);
        deflater.finish();
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        byte[] buffer = new byte[SegmentWriter.LARGEST_PIECE];
        while (!deflater.finished()) {
            deflated.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return deflated.toByteArray();
    }
}
