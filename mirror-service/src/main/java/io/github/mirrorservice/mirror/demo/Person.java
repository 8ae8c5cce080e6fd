package io.github.mirrorservice.mirror.demo;

import java.util.Locale;

/** Somebody who does not exist. */
record Person(String given, String family) {

    static Person of(Dice dice) {
        return new Person(Names.given(dice), Names.family(dice));
    }

    String name() {
        return given + " " + family;
    }

    String login() {
        return family.toLowerCase(Locale.ROOT);
    }

    /** The name and the address, at a host of the kind that exists nowhere (RFC 2606). */
    String contact() {
        return name() + " <" + given.toLowerCase(Locale.ROOT) + "@" + login() + ".example>";
    }
}
