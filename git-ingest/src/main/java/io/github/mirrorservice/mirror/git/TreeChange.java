package io.github.mirrorservice.mirror.git;

/** One difference between two trees. */
public sealed interface TreeChange {

    /** The path from the root of the tree, components separated by {@code /}, without a leading one. */
    String path();

    /** The path now holds this blob: it is new, or its content changed. */
    record Put(String path, BlobId blob) implements TreeChange {}

    /** The path holds nothing any more. */
    record Removed(String path) implements TreeChange {}
}
