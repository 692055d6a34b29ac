package io.efsnas.supernet.torch;

import com.sun.jna.NativeLibrary;
import java.util.List;

/** What libtorch's build for CUDA 13 loads from the library path, since its jar does not bring it. */
final class CudaLibraries {

    private static final List<String> NEEDED = List.of(
            "libcuda.so.1",
            "libcudart.so.13",
            "libcupti.so.13",
            "libcublas.so.13",
            "libcublasLt.so.13",
            "libcudnn.so.9",
            "libcufft.so.12",
            "libcurand.so.10",
            "libcusparse.so.12",
            "libcufile.so.0",
            "libnccl.so.2");

    private CudaLibraries() {}

    /** What keeps CUDA from working here, as far as the library path tells. */
    static String trouble() {
        List<String> absent = absent(NEEDED);
        return absent.isEmpty()
                ? "all libraries of CUDA 13 are there, so that the driver may be too old for them or hide its GPUs"
                : "the library path lacks " + String.join(", ", absent);
    }

    /** Those that cannot be loaded. */
    static List<String> absent(List<String> libraries) {
        return libraries.stream().filter(library -> !loads(library)).toList();
    }

    private static boolean loads(String library) {
        try {
            NativeLibrary.getInstance(library).dispose();
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }
}
