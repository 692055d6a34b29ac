package io.efsnas.supernet.torch;

import com.sun.jna.Native;
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

    /**
     * The model of a card, such as {@code NVIDIA H100 80GB HBM3}, from CUDA's driver: libtorch's binding of it needs a
     * further binding of all of CUDA.
     *
     * @param index the device's index by CUDA's count, after CUDA has been initialised
     */
    static String cardName(int index) {
        NativeLibrary driver = NativeLibrary.getInstance("libcuda.so.1");
        int[] device = new int[1];
        byte[] name = new byte[256];
        int status = driver.getFunction("cuDeviceGet").invokeInt(new Object[] {device, index});
        if (status == 0) {
            status = driver.getFunction("cuDeviceGetName").invokeInt(new Object[] {name, name.length, device[0]});
        }
        if (status != 0) {
            throw new IllegalStateException("CUDA's driver does not name GPU " + index + ": error code " + status);
        }
        return Native.toString(name);
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
