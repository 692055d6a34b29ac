package io.efsnas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.beans.XMLDecoder;
import java.io.ObjectInputStream;

/** Which package may use which. A new package has to find its place here. */
@AnalyzeClasses(packages = "io.efsnas", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packagesUseOnlyThoseBelowThem = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.efsnas..")
            .layer("provider")
            .definedBy("io.efsnas.provider")
            .layer("random")
            .definedBy("io.efsnas.random")
            .layer("network")
            .definedBy("io.efsnas.network")
            .layer("space")
            .definedBy("io.efsnas.space")
            .layer("nasbench201")
            .definedBy("io.efsnas.space.nasbench201")
            .layer("mobilenet")
            .definedBy("io.efsnas.space.mobilenet")
            .layer("darts")
            .definedBy("io.efsnas.space.darts")
            .layer("split")
            .definedBy("io.efsnas.split")
            .layer("count")
            .definedBy("io.efsnas.split.count")
            .layer("edge")
            .definedBy("io.efsnas.split.edge")
            .layer("cut")
            .definedBy("io.efsnas.split.cut")
            .layer("gradient")
            .definedBy("io.efsnas.split.gradient")
            .layer("dimension")
            .definedBy("io.efsnas.split.dimension")
            .layer("storage")
            .definedBy("io.efsnas.storage")
            .layer("format")
            .definedBy("io.efsnas.data.format")
            .layer("data")
            .definedBy("io.efsnas.data")
            .layer("prepare")
            .definedBy("io.efsnas.data.prepare")
            .layer("machine")
            .definedBy("io.efsnas.supernet.machine")
            .layer("supernet")
            .definedBy("io.efsnas.supernet")
            .layer("graph")
            .definedBy("io.efsnas.supernet.graph")
            .layer("nd4j")
            .definedBy("io.efsnas.supernet.nd4j")
            .layer("vector")
            .definedBy("io.efsnas.supernet.vector")
            .layer("cuda")
            .definedBy("io.efsnas.supernet.cuda")
            .layer("checkpoint")
            .definedBy("io.efsnas.checkpoint")
            .layer("training")
            .definedBy("io.efsnas.training")
            .layer("contrast")
            .definedBy("io.efsnas.training.contrast")
            .layer("scheme")
            .definedBy("io.efsnas.training.scheme")
            .layer("retraining")
            .definedBy("io.efsnas.retraining")
            .layer("torch")
            .definedBy("io.efsnas.supernet.torch")
            .layer("scoring")
            .definedBy("io.efsnas.scoring")
            .layer("measure")
            .definedBy("io.efsnas.measure")
            .layer("measures")
            .definedBy("io.efsnas.measure.*")
            .layer("job")
            .definedBy("io.efsnas.job")
            .whereLayer("provider")
            .mayNotAccessAnyLayer()
            .whereLayer("random")
            .mayNotAccessAnyLayer()
            .whereLayer("network")
            .mayNotAccessAnyLayer()
            .whereLayer("space")
            .mayOnlyAccessLayers("provider", "network")
            .whereLayer("nasbench201")
            .mayOnlyAccessLayers("provider", "network", "space")
            .whereLayer("mobilenet")
            .mayOnlyAccessLayers("provider", "network", "space")
            .whereLayer("darts")
            .mayOnlyAccessLayers("provider", "network", "space")
            .whereLayer("split")
            .mayOnlyAccessLayers("provider", "network", "space", "data", "supernet")
            .whereLayer("count")
            .mayOnlyAccessLayers("provider", "space", "split")
            .whereLayer("edge")
            .mayOnlyAccessLayers("provider", "space", "split")
            .whereLayer("cut")
            .mayOnlyAccessLayers("provider", "space", "split")
            .whereLayer("gradient")
            .mayOnlyAccessLayers("provider", "network", "space", "split", "cut", "data", "supernet")
            .whereLayer("dimension")
            .mayOnlyAccessLayers("provider", "network", "space", "split", "cut", "data", "supernet")
            .whereLayer("storage")
            .mayNotAccessAnyLayer()
            .whereLayer("format")
            .mayOnlyAccessLayers("network", "storage")
            .whereLayer("data")
            .mayOnlyAccessLayers("random", "network", "storage", "format")
            .whereLayer("prepare")
            .mayOnlyAccessLayers("random", "network", "storage", "format", "data")
            .whereLayer("machine")
            .mayNotAccessAnyLayer()
            .whereLayer("supernet")
            .mayOnlyAccessLayers("random", "network", "space", "format", "data", "machine")
            .whereLayer("graph")
            .mayOnlyAccessLayers("random", "network", "space", "format", "data", "machine", "supernet", "retraining")
            .whereLayer("nd4j")
            .mayOnlyAccessLayers("network", "format", "data", "machine", "supernet", "graph")
            .whereLayer("vector")
            .mayOnlyAccessLayers("network", "format", "data", "machine", "supernet", "graph", "retraining")
            .whereLayer("cuda")
            .mayOnlyAccessLayers("network", "space", "nasbench201", "format", "data", "machine", "supernet")
            .whereLayer("checkpoint")
            .mayOnlyAccessLayers("storage", "supernet")
            .whereLayer("training")
            .mayOnlyAccessLayers(
                    "provider", "random", "network", "space", "split", "format", "data", "supernet", "checkpoint")
            .whereLayer("contrast")
            .mayOnlyAccessLayers("random", "supernet")
            .whereLayer("scheme")
            .mayOnlyAccessLayers(
                    "provider", "random", "network", "space", "split", "data", "supernet", "training", "contrast")
            .whereLayer("retraining")
            .mayOnlyAccessLayers(
                    "random", "network", "space", "storage", "format", "data", "supernet", "checkpoint", "training")
            .whereLayer("torch")
            .mayOnlyAccessLayers(
                    "random", "network", "space", "format", "data", "machine", "supernet", "graph", "retraining")
            .whereLayer("scoring")
            .mayOnlyAccessLayers("space", "data", "supernet")
            .whereLayer("measure")
            .mayOnlyAccessLayers("provider", "network", "space", "data", "supernet", "training")
            .whereLayer("measures")
            .mayOnlyAccessLayers(
                    "provider", "network", "space", "data", "supernet", "training", "retraining", "scoring", "measure")
            .whereLayer("job")
            .mayOnlyAccessLayers(
                    "random",
                    "network",
                    "space",
                    "split",
                    "format",
                    "data",
                    "prepare",
                    "machine",
                    "supernet",
                    "checkpoint",
                    "training",
                    "retraining",
                    "scoring",
                    "measure")
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule onlyJobKnowsSpark = noClasses()
            .that()
            .resideOutsideOfPackage("io.efsnas.job")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.spark..");

    @ArchTest
    static final ArchRule onlyItsEngineKnowsNd4j = noClasses()
            .that()
            .resideOutsideOfPackage("io.efsnas.supernet.nd4j")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.nd4j..");

    @ArchTest
    static final ArchRule onlyItsEngineKnowsLibtorch = noClasses()
            .that()
            .resideOutsideOfPackage("io.efsnas.supernet.torch")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco.pytorch..");

    /** They are found where libtorch is not on the class path. */
    @ArchTest
    static final ArchRule theEnginesThemselvesLoadWithoutLibtorch = noClasses()
            .that()
            .haveSimpleName("TorchEngine")
            .or()
            .haveSimpleName("TorchRetraining")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule onlyItsEngineKnowsVectorInstructions = noClasses()
            .that()
            .resideOutsideOfPackage("io.efsnas.supernet.vector")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator..");

    /** Files and messages are read as JSON, CSV, images or safetensors, never as objects of Java's. */
    @ArchTest
    static final ArchRule nothingDeserializesJavaObjects =
            noClasses().should().dependOnClassesThat().belongToAnyOf(ObjectInputStream.class, XMLDecoder.class);
}
