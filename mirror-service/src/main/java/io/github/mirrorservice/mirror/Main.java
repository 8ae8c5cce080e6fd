package io.github.mirrorservice.mirror;

/** The command line. */
public final class Main {

    private Main() {}

    /** Runs the mirror. */
    public static void main(String[] arguments) {
        System.exit(0);
    }
}
