package io.github.mirrorservice.mirror.git;

/**
 * How far the pack of a fetch has come.
 *
 * @param bytes how many of its bytes have come; how many there will be is known to nobody
 * @param objects how many objects have been taken out of it
 * @param announced how many it says that it holds
 */
public record Transfer(long bytes, long objects, long announced) {}
