package io.efsnas.supernet.torch;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/** The CPU with some threads. */
final class CpuDevice implements TorchDevice {

    /** Of glibc's mallopt: how much free memory at the end of the heap is kept, and from which size on it is mapped. */
    private static final int TRIM_THRESHOLD = -1;

    private static final int MMAP_THRESHOLD = -3;
    private static final int LARGEST_MMAP_THRESHOLD = 32 << 20;

    static {
        // Left alone, glibc gives the memory of feature maps back to the kernel after each operation; to get it again,
        // page by page, takes longer than the operation.
        NativeLibrary libc = NativeLibrary.getInstance("c");
        libc.getFunction("mallopt").invokeInt(new Object[] {TRIM_THRESHOLD, Integer.MAX_VALUE});
        libc.getFunction("mallopt").invokeInt(new Object[] {MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD});
    }

    /** Of OpenBLAS, which multiplies libtorch's matrices and would use all cores, with bits that depend on their number. */
    private static final Function SET_BLAS_THREADS =
            NativeLibrary.getInstance(Loader.load(torch.class)).getFunction("openblas_set_num_threads");

    private final Device device = new Device(DeviceType.CPU);
    private final int threads;

    CpuDevice(int threads) {
        this.threads = threads;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public void bind() {
        torch.set_num_threads(threads);
        SET_BLAS_THREADS.invokeVoid(new Object[] {threads});
    }

    @Override
    public boolean isIdle() {
        return true;
    }

    @Override
    public void await() {
        // Operations on the CPU end with their call.
    }

    @Override
    public long memory() {
        return Pointer.totalPhysicalBytes();
    }

    @Override
    public RuntimeException explained(RuntimeException failure) {
        return failure;
    }

    @Override
    public void giveBackMemory() {
        NativeLibrary.getInstance("c").getFunction("malloc_trim").invokeInt(new Object[] {0});
    }

    @Override
    public String toString() {
        return "this machine's memory";
    }

    @Override
    public void close() {
        device.close();
    }
}
