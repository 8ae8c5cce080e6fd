package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Somebody else's code that reads an index. */
enum IndexReader {
    GNU_TAR("tar") {
        @Override
        Reading read(Tool tar, Path index) {
            return new Reading(
                    tar.run("--quoting-style=literal", "-tzf", index.toString())
                            .lines()
                            .toList(),
                    tar.bytes("-xzOf", index.toString()));
        }
    },
    BSDTAR("bsdtar") {
        @Override
        Reading read(Tool bsdtar, Path index) {
            return new Reading(
                    bsdtar.run("-tzf", index.toString()).lines().toList(), bsdtar.bytes("-xzOf", index.toString()));
        }
    },
    PYTHON("python3") {
        @Override
        Reading read(Tool python, Path index) {
            String open = "import sys, tarfile; tar = tarfile.open(sys.argv[1], 'r:gz'); ";
            String names = open + "print('\\n'.join(member.name for member in tar))";
            String content = open + "sys.stdout.buffer.writelines(tar.extractfile(member).read() for member in tar)";
            return new Reading(
                    python.run("-c", names, index.toString()).lines().toList(),
                    python.bytes("-c", content, index.toString()));
        }
    },
    JAVA("java") {
        @Override
        Reading read(Tool java, Path index) {
            return readStrictly(index);
        }
    };

    private final String executable;

    IndexReader(String executable) {
        this.executable = executable;
    }

    /** The program, if this machine has it. */
    Optional<Tool> tool(Path folder) {
        return Tool.named(executable).map(path -> new Tool(path, folder, Map.of("LC_ALL", "C.UTF-8")));
    }

    abstract Reading read(Tool tool, Path index);

    /** Reads with Commons Compress; fails for anything but plain files that everybody may read. */
    static Reading readStrictly(Path index) {
        List<String> names = new ArrayList<>();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (InputStream file = Files.newInputStream(index);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file), UTF_8.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(entry.isFile()
                                && !entry.isLink()
                                && !entry.isSymbolicLink()
                                && entry.getMode() % 01000 == 0644)
                        .as(entry.getName())
                        .isTrue();
                names.add(entry.getName());
                tar.transferTo(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reading(names, content.toByteArray());
    }

    /**
     * What was found in an index.
     *
     * @param names the names of the files, in the order of the archive
     * @param content what the files hold, one after the other
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by its parts
    record Reading(List<String> names, byte[] content) {}
}
