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
@AnalyzeClasses(packages = "io.efsnas.driver", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesUseOnlyThoseBelowThem = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.efsnas.driver..")
            .layer("config")
            .definedBy("io.efsnas.driver.config")
            .layer("storage")
            .definedBy("io.efsnas.driver.storage")
            .layer("statistics")
            .definedBy("io.efsnas.driver.statistics")
            .layer("ranking")
            .definedBy("io.efsnas.driver.ranking")
            .layer("evolution")
            .definedBy("io.efsnas.driver.evolution")
            .layer("benchmark")
            .definedBy("io.efsnas.driver.benchmark")
            .layer("jobs")
            .definedBy("io.efsnas.driver.jobs")
            .layer("rounds")
            .definedBy("io.efsnas.driver.rounds")
            .layer("retrain")
            .definedBy("io.efsnas.driver.retrain")
            .layer("report")
            .definedBy("io.efsnas.driver.report")
            .layer("livy")
            .definedBy("io.efsnas.driver.livy")
            .layer("commands")
            .definedBy("io.efsnas.driver")
            .whereLayer("config")
            .mayNotAccessAnyLayer()
            .whereLayer("storage")
            .mayNotAccessAnyLayer()
            .whereLayer("statistics")
            .mayNotAccessAnyLayer()
            .whereLayer("ranking")
            .mayOnlyAccessLayers("storage", "statistics")
            .whereLayer("evolution")
            .mayOnlyAccessLayers("config", "storage", "ranking")
            .whereLayer("benchmark")
            .mayOnlyAccessLayers("storage", "statistics", "ranking")
            .whereLayer("jobs")
            .mayNotAccessAnyLayer()
            .whereLayer("rounds")
            .mayOnlyAccessLayers("jobs")
            .whereLayer("retrain")
            .mayOnlyAccessLayers("config", "jobs", "storage")
            .whereLayer("report")
            .mayOnlyAccessLayers("config", "storage", "statistics", "ranking")
            .whereLayer("livy")
            .mayNotAccessAnyLayer()
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule onlyRetrainingKnowsATensorLibrary = noClasses()
            .that()
            .resideOutsideOfPackage("io.efsnas.driver.retrain")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.efsnas.supernet.[graph|nd4j|vector|torch|cuda]..",
                    "org.nd4j..",
                    "org.deeplearning4j..",
                    "jdk.incubator..");

    @ArchTest
    static final ArchRule onlyCommandsRankingAndRoundsKnowSpark = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.efsnas.driver.config",
                    "io.efsnas.driver.benchmark",
                    "io.efsnas.driver.statistics",
                    "io.efsnas.driver.evolution",
                    "io.efsnas.driver.storage",
                    "io.efsnas.driver.livy",
                    "io.efsnas.driver.report")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark..");

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
