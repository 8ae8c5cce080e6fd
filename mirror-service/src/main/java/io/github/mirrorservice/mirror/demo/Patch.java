package io.github.mirrorservice.mirror.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file that lies beside an opam file, in {@code files/}. The public repository has them in its history alone.
 *
 * @param name its name
 * @param content its text
 */
record Patch(String name, String content) {

    private static final int PERCENT_OF_PROJECTS = 1;

    /** The patch that a release brings along, if it is one of the few. */
    static Optional<Patch> of(Release release) {
        boolean patched =
                release.project().hasSource() && release.project().dice("patch").chance(PERCENT_OF_PROJECTS);
        return patched ? Optional.of(in(release)) : Optional.empty();
    }

    private static Patch in(Release release) {
        String file = "src/" + release.project().stem() + ".ml";
        return new Patch("fix-build.patch", """
                --- a/%1$s
                +++ b/%1$s
                @@ -1,1 +1,1 @@
                -let version = "dev"
                +let version = "%2$s"
                """.formatted(file, release.version()));
    }

    /** The MD5 of the content, in hexadecimal. */
    String md5() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Release.utf8(content)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
