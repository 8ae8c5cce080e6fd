package io.github.mirrorservice.mirror.demo;

import java.util.Map;
import java.util.Optional;

/**
 * One commit of the demo.
 *
 * @param message the commit's message
 * @param changes by path: the new content, or nothing for a file that goes away
 */
record Merge(String message, Map<String, Optional<byte[]>> changes) {}
