package io.efsnas.supernet.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.supernet.OwnJvm;
import io.efsnas.supernet.machine.InstructionSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

class NativeLibraryTest {

    private static final String SKYLAKE_SERVER =
            "fpu sse4_2 avx f16c bmi1 avx2 bmi2 fma avx512f avx512dq avx512cd" + " avx512bw avx512vl xsaveopt";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        SKYLAKE_SERVER + ", -onednn-avx512",
        "fpu sse4_2 avx f16c bmi1 avx2 bmi2 fma avx512f avx512cd avx512er avx512pf, -onednn-avx2",
        "fpu sse4_2 avx f16c bmi1 avx2 bmi2 fma xsaveopt, -onednn-avx2",
        "fpu sse4_2 avx f16c bmi1 avx2 bmi2 fma4, -",
        "fpu sse4_2 avx f16c, -",
    })
    void picksTheFastestBuildWhoseInstructionsAreAllThere(String flags, String extension) {
        String processor =
                "processor\t: 0\nmodel name\t: a processor\nflags\t\t: " + flags + "\nbugs\t\t: avx2 fma\n\n";
        assertThat(NativeLibrary.extensionFor(InstructionSet.of(processor + processor)))
                .isEqualTo(extension);
    }

    @Test
    void isThePlainBuildWhereNoFlagsAreListed() {
        assertThat(NativeLibrary.extensionFor(InstructionSet.of("processor\t: 0\nBogoMIPS\t: 50.00\n")))
                .isEqualTo("-");
    }

    @Test
    void theSelectedBuildIsTheOneLoaded() throws Exception {
        List<String> lines = run(LoadedLibraries.class, List.of());
        String selected = lines.get(0);
        assertThat(selected).isEqualTo(selectedHere());
        assertThat(lines).anyMatch(line -> line.endsWith("/" + selected + "/libnd4jcpu.so"));
        assertThat(lines).anyMatch(line -> line.endsWith("/libopenblas.so.0"));
    }

    @Test
    void aBuildChosenByTheUserWins() throws Exception {
        List<String> lines = run(LoadedLibraries.class, List.of("-Dorg.bytedeco.javacpp.platform.extension=-"));
        assertThat(lines).first().isEqualTo("linux-x86_64");
        assertThat(lines).anyMatch(line -> line.endsWith("/linux-x86_64/libnd4jcpu.so"));
    }

    @Test
    void leavesJavaCppAloneWithTheCudaBackend() throws Exception {
        Path backend = directory.resolve("org/nd4j/linalg/jcublas/JCublasBackend.class");
        Files.createDirectories(backend.getParent());
        Files.createFile(backend);
        assertThat(run(Selection.class, List.of(), directory)).containsExactly("linux-x86_64", "null");
    }

    private static String selectedHere() {
        String extension = NativeLibrary.extensionFor(InstructionSet.ofThisProcessor());
        return extension.equals("-") ? "linux-x86_64" : "linux-x86_64" + extension;
    }

    /** What a program prints in a JVM of its own, as only the first library loaded in one is a matter of choice. */
    private List<String> run(Class<?> main, List<String> options, Path... classPath) throws Exception {
        List<String> all = new ArrayList<>(options);
        all.add("-Dorg.bytedeco.javacpp.cachedir=" + directory.resolve("natives"));
        return OwnJvm.run(directory, main, all, classPath);
    }

    /** Prints the selected build, then each file that is mapped into the process once ND4J has computed something. */
    static final class LoadedLibraries {
        public static void main(String[] args) throws IOException {
            System.out.println(NativeLibrary.select());
            Nd4j.ones(2, 2).mmul(Nd4j.ones(2, 2));
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                maps.map(line -> line.substring(line.lastIndexOf(' ') + 1))
                        .distinct()
                        .forEach(System.out::println);
            }
        }
    }

    /** Prints the selected build and JavaCPP's property, without loading anything. */
    static final class Selection {
        public static void main(String[] args) {
            System.out.println(NativeLibrary.select());
            System.out.println(System.getProperty("org.bytedeco.javacpp.platform.extension"));
        }
    }
}
