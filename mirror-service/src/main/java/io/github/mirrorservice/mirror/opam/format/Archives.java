package io.github.mirrorservice.mirror.opam.format;

import io.github.mirrorservice.mirror.opam.format.Item.Field;
import io.github.mirrorservice.mirror.opam.format.Item.Section;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the archives in the entries of an opam file: its section {@code url}, its sections {@code extra-source "NAME"}, and
 * the field {@code extra-sources} of format 1.2. What cannot be used is skipped with a remark; of what is there twice the
 * first counts, as for opam.
 */
final class Archives {

    /** The names of the fields and sections that it reads. */
    static final Set<String> FIELDS = Set.of("url", "extra-source", "extra-sources");

    private final Remarks remarks;
    private final Downloads downloads;
    private final List<ArchiveRef> found = new ArrayList<>();
    private final Set<String> sections = new HashSet<>();

    Archives(Source source) {
        this.remarks = new Remarks(source);
        this.downloads = new Downloads(remarks);
    }

    OpamFile read(List<Item> items) {
        for (Item item : items) {
            if (item instanceof Section section) {
                read(section);
            } else if (item instanceof Field field && field.name().equals("extra-sources")) {
                new ExtraSources(downloads, remarks).read(field.value()).forEach(found::add);
            }
        }
        return new OpamFile(found, remarks.all());
    }

    private void read(Section section) {
        switch (section.kind()) {
            case "url" -> url(section);
            case "extra-source" -> extraSource(section);
            default -> {
                // Carried, not understood.
            }
        }
    }

    private void url(Section section) {
        if (section.title().isPresent()) {
            remarks.add(section.start(), "the section url takes no title");
        } else {
            read("url", section);
        }
    }

    private void extraSource(Section section) {
        section.title()
                .ifPresentOrElse(
                        title -> read(ExtraSources.label(title.text()), section),
                        () -> remarks.add(section.start(), "the section extra-source takes a file name"));
    }

    private void read(String label, Section section) {
        if (sections.add(label)) {
            downloads.read(label, section).ifPresent(found::add);
        } else {
            remarks.add(section.start(), "the section " + section.kind() + " is there twice");
        }
    }
}
