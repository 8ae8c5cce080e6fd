package io.github.mirrorservice.mirror.demo;

import java.util.List;

/** The archive that a release is built from, and what comes with it. */
final class Source {

    private static final int MD5_DIGITS = 32;
    private static final int SHA1_DIGITS = 40;
    private static final int SHA256_DIGITS = 64;
    private static final int SHA512_DIGITS = 128;

    private final Release release;
    private final Project project;
    private final Origin origin;

    Source(Release release, Origin origin) {
        this.release = release;
        this.project = release.project();
        this.origin = origin;
    }

    void write(OpamText text) {
        text.string("dev-repo", "git+" + origin.repository() + ".git");
        Dice dice = release.dice("source");
        if (project.dice("commit hash").chance(35)) {
            text.string("x-commit-hash", dice.hex(SHA1_DIGITS));
        }
        Patch.of(release).ifPresent(patch -> writePatch(text, patch));
        if (project.dice("extra source").chance(5)) {
            writeExtraSource(text, dice);
        }
        writeUrl(text, dice);
    }

    private static void writePatch(OpamText text, Patch patch) {
        text.strings("patches", List.of(patch.name()));
        text.strings("extra-files", List.of(patch.name(), "md5=" + patch.md5()));
    }

    private void writeExtraSource(OpamText text, Dice dice) {
        String data = project.stem() + "-data.tar.gz";
        text.verbatim("""
                extra-source "%1$s" {
                  src: "%2$s/%1$s"
                  checksum: "sha256=%3$s"
                }
                """.formatted(data, downloads(), dice.hex(SHA256_DIGITS)));
    }

    private void writeUrl(OpamText text, Dice dice) {
        text.verbatim("""
                url {
                  src:
                    "%s/%s-%s.tbz"
                  checksum: %s
                }
                """.formatted(downloads(), project.stem(), release.version(), checksum(dice)));
    }

    private String downloads() {
        return origin.repository() + "/releases/download/" + release.version();
    }

    private String checksum(Dice dice) {
        if (project.buildSystem() == BuildSystem.SETUP) {
            return OpamText.quoted("md5=" + dice.hex(MD5_DIGITS));
        }
        String first = project.dice("checksum").chance(85)
                ? "sha256=" + dice.hex(SHA256_DIGITS)
                : "md5=" + dice.hex(MD5_DIGITS);
        return """
                [
                    "%s"
                    "sha512=%s"
                  ]""".formatted(first, dice.hex(SHA512_DIGITS));
    }
}
