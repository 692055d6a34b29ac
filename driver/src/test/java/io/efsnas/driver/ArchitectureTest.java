package io.efsnas.driver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.beans.XMLDecoder;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which package may use which. A new package has to find its place here. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    static final String ROOT = "io.efsnas.driver";

    @ArchTest
    static final ArchRule packagesUseOnlyThoseBelowThem = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .layer("process")
            .definedBy(ROOT + ".process")
            .layer("config")
            .definedBy(ROOT + ".config")
            .layer("storage")
            .definedBy(ROOT + ".storage")
            .layer("rule")
            .definedBy(ROOT + ".rule")
            .layer("statistics")
            .definedBy(ROOT + ".statistics")
            .layer("livy")
            .definedBy(ROOT + ".livy")
            .layer("bench")
            .definedBy(ROOT + ".bench")
            .layer("spark")
            .definedBy(ROOT + ".spark")
            .layer("run")
            .definedBy(ROOT + ".run")
            .layer("ranking")
            .definedBy(ROOT + ".ranking")
            .layer("benchmark")
            .definedBy(ROOT + ".benchmark")
            .layer("measure")
            .definedBy(ROOT + ".measure")
            .layer("selection")
            .definedBy(ROOT + ".selection")
            .layer("progress")
            .definedBy(ROOT + ".progress")
            .layer("retrain.cluster")
            .definedBy(ROOT + ".retrain.cluster")
            .layer("retrain.gradients")
            .definedBy(ROOT + ".retrain.gradients")
            .layer("retrain")
            .definedBy(ROOT + ".retrain")
            .layer("export")
            .definedBy(ROOT + ".export")
            .layer("tracking")
            .definedBy(ROOT + ".tracking")
            .layer("report.plot")
            .definedBy(ROOT + ".report.plot")
            .layer("report")
            .definedBy(ROOT + ".report")
            .layer("flow")
            .definedBy(ROOT + ".flow")
            .layer("compare")
            .definedBy(ROOT + ".compare")
            .layer("command")
            .definedBy(ROOT + ".command")
            .layer("entry")
            .definedBy(ROOT)
            .whereLayer("process")
            .mayNotAccessAnyLayer()
            .whereLayer("rule")
            .mayOnlyAccessLayers("statistics")
            .whereLayer("config")
            .mayOnlyAccessLayers("process", "rule")
            .whereLayer("storage")
            .mayOnlyAccessLayers("process")
            .whereLayer("statistics")
            .mayNotAccessAnyLayer()
            .whereLayer("livy")
            .mayOnlyAccessLayers("storage", "process")
            .whereLayer("bench")
            .mayOnlyAccessLayers("process")
            .whereLayer("spark")
            .mayOnlyAccessLayers("process")
            .whereLayer("run")
            .mayOnlyAccessLayers("statistics", "process", "config", "storage")
            .whereLayer("ranking")
            .mayOnlyAccessLayers("process", "storage", "rule")
            .whereLayer("benchmark")
            .mayOnlyAccessLayers("run", "process", "config", "storage", "statistics", "ranking", "rule")
            .whereLayer("measure")
            .mayOnlyAccessLayers("process", "spark", "benchmark")
            .whereLayer("selection")
            .mayOnlyAccessLayers("run", "process", "config", "storage", "statistics", "ranking", "rule")
            .whereLayer("progress")
            .mayOnlyAccessLayers("process", "config", "selection")
            .whereLayer("retrain.cluster")
            .mayOnlyAccessLayers("config")
            .whereLayer("retrain.gradients")
            .mayOnlyAccessLayers("process", "spark", "retrain.cluster")
            .whereLayer("retrain")
            .mayOnlyAccessLayers("run", "process", "config", "storage", "spark", "retrain.cluster", "retrain.gradients")
            .whereLayer("export")
            .mayOnlyAccessLayers("process", "config", "storage", "run", "retrain")
            .whereLayer("tracking")
            .mayOnlyAccessLayers("config", "storage", "run")
            .whereLayer("report.plot")
            .mayOnlyAccessLayers("process", "statistics", "run", "ranking", "rule")
            .whereLayer("report")
            .mayOnlyAccessLayers("process", "config", "storage", "statistics", "run", "ranking", "rule", "report.plot")
            .whereLayer("flow")
            .mayOnlyAccessLayers(
                    "process",
                    "config",
                    "storage",
                    "statistics",
                    "spark",
                    "run",
                    "ranking",
                    "rule",
                    "selection",
                    "progress",
                    "retrain.cluster",
                    "retrain",
                    "tracking",
                    "report")
            .whereLayer("compare")
            .mayOnlyAccessLayers(
                    "process",
                    "config",
                    "storage",
                    "statistics",
                    "spark",
                    "run",
                    "ranking",
                    "rule",
                    "benchmark",
                    "progress",
                    "report",
                    "flow")
            .whereLayer("command")
            .mayOnlyAccessLayers(
                    "process",
                    "config",
                    "storage",
                    "livy",
                    "bench",
                    "spark",
                    "run",
                    "ranking",
                    "rule",
                    "benchmark",
                    "selection",
                    "export",
                    "report",
                    "flow",
                    "compare")
            .whereLayer("entry")
            .mayNotBeAccessedByAnyLayer()
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule onlyRetrainingKnowsATensorLibrary = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".retrain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.efsnas.supernet.[graph|nd4j|vector|torch|cuda]..",
                    "org.nd4j..",
                    "org.deeplearning4j..",
                    "jdk.incubator..");

    @ArchTest
    static final ArchRule thesePackagesDoNotKnowSpark = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + ".config",
                    ROOT + ".storage",
                    ROOT + ".statistics",
                    ROOT + ".livy",
                    ROOT + ".bench",
                    ROOT + ".benchmark",
                    ROOT + ".selection",
                    ROOT + ".progress",
                    ROOT + ".report..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark..");

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsHowOptionsAreParsed = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, ROOT + ".command", ROOT + ".process")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    /** Files and messages are read as JSON, CSV, images or safetensors, never as objects of Java's. */
    @ArchTest
    static final ArchRule nothingDeserializesJavaObjects =
            noClasses().should().dependOnClassesThat().belongToAnyOf(ObjectInputStream.class, XMLDecoder.class);

    /** Of the sources, since a package-info without annotations has no class. */
    @ParameterizedTest
    @ValueSource(strings = {"../spark-job/src/main/java", "src/main/java"})
    void everyPackageIsDescribed(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            Set<Path> packages = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .collect(Collectors.toSet());

            assertThat(packages).isNotEmpty().allSatisfy(directory -> assertThat(directory.resolve("package-info.java"))
                    .exists());
        }
    }
}
