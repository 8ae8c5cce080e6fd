package io.github.mirrorservice.mirror.demo;

import java.util.List;
import java.util.stream.Stream;

/** Where a project comes from: its people, its license, its pages. */
final class Origin {

    private static final int MOST_PEOPLE = 8;
    private static final List<String> LICENSES = List.of(
            "MIT",
            "MIT",
            "MIT",
            "MIT",
            "ISC",
            "ISC",
            "BSD-3-Clause",
            "BSD-2-Clause",
            "Apache-2.0",
            "LGPL-2.1-only WITH OCaml-LGPL-linking-exception",
            "LGPL-2.1-or-later",
            "GPL-3.0-or-later");

    private final Project project;
    private final List<Person> people;
    private final String repository;

    Origin(Project project) {
        Dice dice = project.dice("people");
        this.project = project;
        this.people = Stream.generate(() -> Person.of(dice))
                .limit(Math.min(MOST_PEOPLE, 1 + dice.longTail(3)))
                .toList();
        this.repository = "https://forge.example/" + owner().login() + "/" + project.stem();
    }

    Person owner() {
        return people.get(0);
    }

    /** The URL of the Git repository, to be read by people. */
    String repository() {
        return repository;
    }

    void write(OpamText text) {
        Dice dice = project.dice("pages");
        text.strings("maintainer", List.of(owner().contact()));
        text.strings("authors", people.stream().map(Person::name).toList());
        text.string("license", dice.pick(LICENSES));
        if (dice.chance(20)) {
            text.strings("tags", List.of(project.topic().word(), project.stem(), "org:" + owner().login()));
        }
        text.string("homepage", repository);
        if (dice.chance(45)) {
            text.string("doc", "https://" + owner().login() + ".example/" + project.stem() + "/");
        }
        text.string("bug-reports", repository + "/issues");
    }
}
