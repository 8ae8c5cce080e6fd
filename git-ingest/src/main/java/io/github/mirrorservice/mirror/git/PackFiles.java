package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Where the bytes of the mirror's repository lie: files by name, and the commit that was fetched last. Everything else
 * is the same for a store in memory and one on disk.
 */
interface PackFiles extends AutoCloseable {

    /** The names of the files that are complete. */
    Collection<String> names() throws IOException;

    /** The size of a file in bytes. */
    long size(String name) throws IOException;

    /** Creates a file; it is complete when the stream is closed, and can be read back before. */
    DfsOutputStream write(String name) throws IOException;

    /** Opens a file for reading. */
    ReadableChannel read(String name) throws IOException;

    /** Deletes a file if it is there. */
    void delete(String name) throws IOException;

    /** The commit that was fetched last. */
    Optional<ObjectId> tip() throws IOException;

    /** Remembers the commit that was fetched last; until then, what was fetched for it does not count. */
    void tip(ObjectId commit) throws IOException;

    /** Forgets everything. */
    void clear() throws IOException;

    /** Lets go of the place; what is in it stays. */
    @Override
    void close();
}
