// SPDX-License-Identifier: Apache-2.0
package io.lockjam;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.module.ModuleDescriptor.Exports;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom. Imports run downward only; a package without a row fails. */
final class ArchitectureTest {
    private static final JavaClasses LOCKJAM =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages("io.lockjam");

    private static final String[] ANALYSIS = {
        "io.lockjam.model..",
        "io.lockjam.source..",
        "io.lockjam.name..",
        "io.lockjam.window..",
        "io.lockjam.sizing..",
        "io.lockjam.finding.."
    };

    /** Packages of modules that an application may have been started without. */
    private static final String[] MAY_BE_MISSING = {"jdk.jfr..", "java.lang.management"};

    /** Besides itself, the JSpecify annotations and what its row lists, a package imports nothing. */
    static Stream<Row> table() {
        return Stream.of(
                row("event").may("java.lang", "java.util", "jdk.jfr"),
                row("boot")
                        .may(
                                "io.lockjam.event",
                                "java.lang",
                                "java.lang.invoke",
                                "java.lang.ref",
                                "java.lang.reflect", // which methods a subclass overrides
                                "java.util",
                                "java.util.function",
                                "java.util.stream", // frames of a stack, and streams of an application
                                "java.util.concurrent.."),
                row("weave").may("io.lockjam.boot", "net.bytebuddy..", "java.."),
                row("control").may(exportedBy("java.base")),
                row("agent")
                        .may("io.lockjam.boot", "io.lockjam.event", "io.lockjam.control")
                        .may(exportedBy("java.base", "java.instrument"))
                        .may(MAY_BE_MISSING),
                row("model").may("java.."),
                row("source").may("io.lockjam.model", "io.lockjam.event", "jdk.jfr..", "java.."),
                row("name").may("io.lockjam.model", "org.objectweb.asm..", "java.."),
                row("window").may("io.lockjam.model", "io.lockjam.name", "java.."),
                row("sizing").may("java.."),
                row("finding")
                        .may("io.lockjam.model", "io.lockjam.name", "io.lockjam.window", "io.lockjam.sizing", "java.."),
                row("attach")
                        .may(
                                "io.lockjam.weave",
                                "io.lockjam.control",
                                "io.lockjam.model",
                                "io.lockjam.race",
                                "java..",
                                "javax.management..")
                        .may("com.sun.tools.attach", "sun.tools.attach", "jdk.."),
                row("race").may("io.lockjam.weave", "io.lockjam.control", "io.lockjam.model", "java.."),
                row("report").may(ANALYSIS).may("com.fasterxml.jackson..", "java.."),
                row("web")
                        .may(ANALYSIS)
                        .may("io.lockjam.report..", "com.fasterxml.jackson..", "java..")
                        .may("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet.."),
                row("cli")
                        .may(ANALYSIS)
                        .may("io.lockjam.attach..", "io.lockjam.report..", "io.lockjam.web..")
                        .may("io.lockjam.control..", "io.lockjam.event..", "io.lockjam.race..")
                        .may("picocli..", "com.fasterxml.jackson..", "jdk.jfr..", "java.."),
                row("demo").may("java..", "javax..", "jdk..", "io.netty.."));
    }

    @ParameterizedTest
    @MethodSource("table")
    void importsOnlyWhatItsRowAllows(Row row) {
        String[] always = {row.root(), "org.jspecify.annotations"};
        String[] allowed =
                Stream.concat(Stream.of(always), row.allowed().stream()).toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(row.root())
                .should()
                .onlyDependOnClassesThat(
                        primitives().or(resideInAnyPackage(allowed)).as("its row in the table allows"))
                .allowEmptyShould(true)
                .check(LOCKJAM);
    }

    @Test
    void everyPackageHasARow() {
        Set<String> roots = table().map(Row::root).collect(Collectors.toSet());

        assertThat(LOCKJAM).isNotEmpty().allMatch(resideInAnyPackage(roots.toArray(String[]::new)));
    }

    /** Loading these before {@code main} fixes a choice that belongs to the application. */
    @Test
    void whatRunsBeforeMainLeavesTheApplicationsChoicesOpen() {
        noClasses()
                .that()
                .resideInAPackage("io.lockjam.boot..")
                .or()
                .haveFullyQualifiedName("io.lockjam.agent.LockjamAgent")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.util.logging..", "java.nio.file..", "javax.management.."))
                .allowEmptyShould(true)
                .check(LOCKJAM);
    }

    /** The agent loads these after it has looked whether the module is there. */
    @Test
    void onlyClassesLoadedAfterACheckReachModulesThatMayBeMissing() {
        noClasses()
                .that()
                .resideInAPackage("io.lockjam.agent..")
                .and()
                .haveNameNotMatching("io\\.lockjam\\.agent\\.(JfrFacts|OurRecording|ManagedThreads)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage(MAY_BE_MISSING))
                .check(LOCKJAM);
    }

    /** The fields of events are filled by hooks, so a null check at compile time would say nothing. */
    @Test
    void everyPackageButTheEventsIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : LOCKJAM) {
            JavaPackage home = type.getPackage();
            if (!home.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(home.getName());
            }
        }

        assertThat(unmarked).isSubsetOf("io.lockjam.event");
    }

    private static Row row(String name) {
        return new Row("io.lockjam." + name + "..", List.of());
    }

    /** The packages that JDK modules offer to everyone; their names say nothing about the module they are in. */
    private static String[] exportedBy(String... modules) {
        return Stream.of(modules)
                .flatMap(name -> ModuleLayer.boot().findModule(name).stream())
                .flatMap(module -> module.getDescriptor().exports().stream())
                .filter(exports -> !exports.isQualified())
                .map(Exports::source)
                .toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> primitives() {
        return DescribedPredicate.describe(
                "primitives", type -> type.getBaseComponentType().isPrimitive());
    }

    /** One row: the package, and the packages it may import. */
    record Row(String root, List<String> allowed) {
        Row may(String... packages) {
            return new Row(
                    root, Stream.concat(allowed.stream(), Stream.of(packages)).toList());
        }
    }
}
