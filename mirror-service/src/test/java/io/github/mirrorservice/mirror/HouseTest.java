package io.github.mirrorservice.mirror;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.reactivestreams.Publisher;

/** Holds the house in its shape: which room may use which other, and where each library stays. */
@AnalyzeClasses(packages = HouseTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseTest {

    static final String ROOT = "io.github.mirrorservice.mirror";

    /** The rooms, and the rooms that each may use. The root package may use all, and none uses it. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("metrics", Set.of()),
            Map.entry("schedule", Set.of()),
            Map.entry("git", Set.of("schedule")),
            Map.entry("demo", Set.of("git")),
            Map.entry("prove", Set.of("git")),
            Map.entry("objects", Set.of()),
            Map.entry("archive", Set.of("schedule", "objects")),
            Map.entry("archive.upstream", Set.of("archive", "schedule")),
            Map.entry("opam.format", Set.of("git", "archive")),
            Map.entry("opam", Set.of("opam.format", "git", "archive", "objects", "schedule")),
            Map.entry("http", Set.of("opam", "archive", "metrics")));

    /** What a snapshot tells of its commit: everybody who may see snapshots may read these two values. */
    private static final DescribedPredicate<JavaClass> COMMIT_OF_A_SNAPSHOT =
            assignableTo(Commit.class).or(assignableTo(CommitId.class));

    private static final DescribedPredicate<JavaAccess<?>> WAITS_OR_STARTS = JavaAccess.Predicates.target(
                    nameMatching("block.*|subscribe|toFuture|toIterable|toStream|connect|autoConnect"))
            .and(JavaAccess.Predicates.target(owner(assignableTo(Publisher.class))));

    @ArchTest
    static void every_room_is_in_the_drawing(JavaClasses house) {
        assertThat(house.stream().map(JavaClass::getPackageName).distinct()).allSatisfy(name -> assertThat(
                        Stream.concat(Stream.of(ROOT), MAY_USE.keySet().stream().map(HouseTest::room)))
                .contains(name));
    }

    @ArchTest
    static void a_room_uses_only_the_rooms_that_the_drawing_gives_it(JavaClasses house) {
        MAY_USE.forEach((room, others) -> noClasses()
                .that(resideInAPackage(room(room)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT + "..")
                        .and(not(resideInAnyPackage(Stream.concat(Stream.of(room), others.stream())
                                .map(HouseTest::room)
                                .toArray(String[]::new))))
                        .and(not(COMMIT_OF_A_SNAPSHOT)))
                .allowEmptyShould(true)
                .check(house));
    }

    @ArchTest
    static void no_room_needs_itself_by_way_of_others(JavaClasses house) {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(house);
    }

    @ArchTest
    static void each_library_stays_behind_its_wall(JavaClasses house) {
        wall("org.eclipse.jgit..", List.of("git"), house);
        wall("reactor.netty..", List.of("http", "archive", "archive.upstream", "schedule", "prove"), house);
        wall("io.netty..", List.of("http", "archive", "objects", "archive.upstream", "schedule", "prove"), house);
        wall("io.micrometer..", List.of("metrics"), house);
        wall("io.prometheus..", List.of("metrics"), house);
        wall("software.amazon..", List.of("objects"), house);
        wall("io.github.resilience4j..", List.of("objects"), house);
        wall("picocli..", List.of(), house);
        wall("ch.qos.logback..", List.of(), house);
        wall("org.pcollections..", List.of("opam"), house);
        wall("org.slf4j..", List.of("http"), house);
        wall("com.samskivert..", List.of("http"), house);
    }

    @ArchTest
    static void only_verbs_and_the_mirror_wait_or_start(JavaClasses house) {
        noClasses()
                .that(not(assignableTo(Prove.class))
                        .and(not(assignableTo(Mirror.class)))
                        .and(not(assignableTo(Offline.class)))
                        .and(not(name(ROOT + ".http.Responder")))) // a request's answer starts there
                .and(not(assignableTo(Publisher.class))) // an operator subscribes to its source
                .should()
                .accessTargetWhere(WAITS_OR_STARTS)
                .check(house);
    }

    @ArchTest
    static void names_say_what_a_thing_is(JavaClasses house) {
        noClasses()
                .should()
                .resideInAnyPackage(Stream.of("util", "utils", "common", "impl", "api", "model", "service", "helper")
                        .map(name -> ROOT + ".." + name + "..")
                        .toArray(String[]::new))
                .check(house);
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameStartingWith("Default")
                .check(house);
    }

    @ArchTest
    static void null_is_ruled_out_in_every_room(JavaClasses house) {
        assertThat(house.stream().map(JavaClass::getPackage).distinct())
                .allSatisfy(room -> assertThat(room.isAnnotatedWith(NullMarked.class))
                        .as(room.getName())
                        .isTrue());
    }

    /** The root package may use every library: it wires them. */
    private static void wall(String library, List<String> rooms, JavaClasses house) {
        classes()
                .that()
                .resideOutsideOfPackages(
                        Stream.concat(Stream.of(ROOT), rooms.stream().map(HouseTest::room))
                                .toArray(String[]::new))
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(library)))
                .check(house);
    }

    private static String room(String name) {
        return ROOT + "." + name;
    }
}
