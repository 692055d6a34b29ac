package io.efsnas.supernet.nd4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.Loader;

/**
 * The choice among the builds of ND4J's CPU library that are on the class path. Left alone, JavaCPP takes the same one
 * on every machine: a processor without its instructions then dies of an illegal instruction, one with better ones is
 * not used fully.
 */
public final class NativeLibrary {

    /** Read by JavaCPP once, when its first library is loaded. */
    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

    /** The extension by which ND4J calls its build that has none: baseline x86-64, without oneDNN. */
    private static final String PLAIN = "-";

    /** The instruction sets of GCC's {@code skylake-avx512} beyond those of AVX2. */
    private static final Set<String> AVX512 = Set.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl");

    private static final Set<String> AVX2 = Set.of("avx2", "fma", "bmi1", "bmi2");

    private NativeLibrary() {}

    /**
     * Makes JavaCPP load the fastest build that this processor can run, unless a system property of JavaCPP's has
     * chosen one already. It has to be called before ND4J is touched; further calls change nothing. With ND4J's CUDA
     * backend on the class path there is nothing to choose.
     *
     * @return the name of the build, such as {@code linux-x86_64-onednn-avx2}; it decides the bits of results
     * @throws UncheckedIOException if the processor's description cannot be read
     */
    public static synchronized String select() {
        String platform = Loader.Detector.getPlatform();
        if (NativeLibrary.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null) {
            return platform;
        }
        String extension = System.getProperty(EXTENSION);
        if (extension == null) {
            extension = extensionFor(cpuinfo());
            System.setProperty(EXTENSION, extension);
        }
        return extension.equals(PLAIN) ? platform : platform + extension;
    }

    /** The build for a processor, given the text of {@code /proc/cpuinfo}. */
    static String extensionFor(String cpuinfo) {
        Set<String> flags = cpuinfo.lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.copyOf(List.of(line.split("\\s+"))))
                .orElse(Set.of());
        if (!flags.containsAll(AVX2)) {
            return PLAIN;
        }
        return flags.containsAll(AVX512) ? "-onednn-avx512" : "-onednn-avx2";
    }

    private static String cpuinfo() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what the processor can do from /proc/cpuinfo", e);
        }
    }
}
