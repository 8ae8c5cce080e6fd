package io.github.mirrorservice.mirror.opam.format;

/**
 * What is wrong at one place of a file.
 *
 * @param file the file's path in the repository
 * @param line the line, counted from 1
 * @param column the character in the line, counted from 1
 * @param message what is wrong there
 */
public record Diagnostic(String file, int line, int column, String message) {

    /** The form that editors and compilers use: {@code packages/a/a.1/opam:3:17: unterminated string}. */
    @Override
    public String toString() {
        return file + ':' + line + ':' + column + ": " + message;
    }
}
