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
            .layer("space")
            .definedBy("io.efsnas.space")
            .layer("storage")
            .definedBy("io.efsnas.storage")
            .layer("data")
            .definedBy("io.efsnas.data")
            .layer("supernet")
            .definedBy("io.efsnas.supernet")
            .layer("graph")
            .definedBy("io.efsnas.supernet.graph")
            .layer("nd4j")
            .definedBy("io.efsnas.supernet.nd4j")
            .layer("vector")
            .definedBy("io.efsnas.supernet.vector")
            .layer("torch")
            .definedBy("io.efsnas.supernet.torch")
            .layer("cuda")
            .definedBy("io.efsnas.supernet.cuda")
            .layer("training")
            .definedBy("io.efsnas.training")
            .layer("retraining")
            .definedBy("io.efsnas.retraining")
            .layer("scoring")
            .definedBy("io.efsnas.scoring")
            .layer("job")
            .definedBy("io.efsnas.job")
            .whereLayer("space")
            .mayNotAccessAnyLayer()
            .whereLayer("storage")
            .mayNotAccessAnyLayer()
            .whereLayer("data")
            .mayOnlyAccessLayers("space", "storage")
            .whereLayer("supernet")
            .mayOnlyAccessLayers("space", "data")
            .whereLayer("graph")
            .mayOnlyAccessLayers("space", "data", "supernet")
            .whereLayer("nd4j")
            .mayOnlyAccessLayers("space", "data", "supernet", "graph")
            .whereLayer("vector")
            .mayOnlyAccessLayers("space", "data", "supernet", "graph")
            .whereLayer("torch")
            .mayOnlyAccessLayers("space", "data", "supernet", "graph", "retraining")
            .whereLayer("cuda")
            .mayOnlyAccessLayers("space", "data", "supernet")
            .whereLayer("training")
            .mayOnlyAccessLayers("space", "storage", "data", "supernet")
            .whereLayer("retraining")
            .mayOnlyAccessLayers("space", "storage", "data", "supernet", "training")
            .whereLayer("scoring")
            .mayOnlyAccessLayers("space", "data", "supernet")
            .whereLayer("job")
            .mayOnlyAccessLayers("space", "data", "supernet", "training", "retraining", "scoring")
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
