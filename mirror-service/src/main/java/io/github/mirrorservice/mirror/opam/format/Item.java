package io.github.mirrorservice.mirror.opam.format;

import java.util.List;
import java.util.Optional;

/** An entry of an opam file, with the offsets of its first byte and of the byte behind its last. */
sealed interface Item {

    int start();

    int end();

    /** {@code name: value}. */
    record Field(String name, Value value, int start, int end) implements Item {}

    /** {@code kind { items }} or {@code kind "title" { items }}. */
    record Section(String kind, Optional<Value.Text> title, List<Item> items, int start, int end) implements Item {}
}
