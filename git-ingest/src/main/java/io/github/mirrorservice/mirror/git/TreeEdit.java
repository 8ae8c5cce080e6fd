package io.github.mirrorservice.mirror.git;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;

/**
 * One change to a tree.
 *
 * @param path the path from the root
 * @param mode what kind of entry it becomes
 * @param content the new content, or nothing for an entry that goes away; for a submodule or a whole folder, the hex
 *     name of the object
 */
record TreeEdit(String path, FileMode mode, Optional<byte[]> content) {

    static TreeEdit file(String path, Optional<byte[]> content) {
        return new TreeEdit(path, FileMode.REGULAR_FILE, content);
    }

    static TreeEdit link(String path, String target) {
        return new TreeEdit(path, FileMode.SYMLINK, Optional.of(target.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether the path goes on below a folder. */
    boolean isBelow() {
        return path.indexOf('/') >= 0;
    }

    /** The first component of the path. */
    String first() {
        return isBelow() ? path.substring(0, path.indexOf('/')) : path;
    }

    /** The same edit, seen from the folder that is the first component. */
    TreeEdit below() {
        return new TreeEdit(path.substring(path.indexOf('/') + 1), mode, content);
    }
}
