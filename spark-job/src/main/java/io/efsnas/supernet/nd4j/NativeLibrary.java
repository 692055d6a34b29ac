package io.efsnas.supernet.nd4j;

import io.efsnas.supernet.machine.InstructionSet;
import java.io.UncheckedIOException;
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
        if (isCuda()) {
            return platform;
        }
        String extension = System.getProperty(EXTENSION);
        if (extension == null) {
            extension = extensionFor(InstructionSet.ofThisProcessor());
            System.setProperty(EXTENSION, extension);
        }
        return extension.equals(PLAIN) ? platform : platform + extension;
    }

    /** Whether ND4J's CUDA backend is on the class path. */
    static boolean isCuda() {
        return NativeLibrary.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
    }

    /** The build for a processor. */
    static String extensionFor(InstructionSet processor) {
        return switch (processor) {
            case AVX512 -> "-onednn-avx512";
            case AVX2 -> "-onednn-avx2";
            case BASELINE -> PLAIN;
        };
    }
}
