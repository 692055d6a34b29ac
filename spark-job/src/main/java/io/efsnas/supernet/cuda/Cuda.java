package io.efsnas.supernet.cuda;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.DeviceLostException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * CUDA on one GPU: its memory, streams and graphs. Calls throw {@link CudaException}, and act on the GPU that the calling
 * thread has been bound to.
 */
final class Cuda {

    private static final int OUT_OF_MEMORY = 2;
    private static final int NO_DEVICE = 100;
    private static final int NOT_READY = 600;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int MAPPED_MEMORY = 2;
    private static final int NON_BLOCKING_STREAM = 1;
    /** Who waits for one sleeps, so that many supernets can share the cores of a machine. */
    private static final int SLEEPING_EVENT_WITHOUT_TIME = 1 + 2;

    private static final int EVENT_WITH_TIME = 0;
    /** A recording has the event again each time it is launched. */
    private static final int RECORDED_EVENT = 1;
    /** Other threads may allocate memory meanwhile. */
    private static final int CAPTURE_OF_THIS_THREAD = 1;

    /** The largest structure that a kernel takes. */
    private static final int ARGUMENT_BYTES = 256;

    private static final List<String> COMPILERS = List.of("libnvrtc.so.13", "libnvrtc.so.12");
    private static final AtomicReference<Libraries> SYSTEM = new AtomicReference<>();
    private static final Map<Gpu, Cuda> IN_USE = new ConcurrentHashMap<>();
    private static final Map<Build, byte[]> BUILT = new ConcurrentHashMap<>();

    private record Gpu(Libraries libraries, int ordinal) {}

    /** What NVRTC makes a module of. */
    private record Build(String source, List<String> options) {}

    /** The driver and the compiler that a process has loaded. */
    record Libraries(CudaDriver driver, KernelCompiler compiler) {

        /**
         * Those of the system.
         *
         * @throws IllegalArgumentException naming what the library path lacks and where that comes from
         */
        static Libraries ofSystem() {
            Libraries loaded = SYSTEM.get();
            if (loaded == null) {
                loaded = load(List.of("libcuda.so.1"), COMPILERS);
                SYSTEM.set(loaded);
            }
            return loaded;
        }

        static Libraries load(List<String> drivers, List<String> compilers) {
            return new Libraries(
                    load(drivers, CudaDriver.class, "it comes with NVIDIA's driver"),
                    load(compilers, KernelCompiler.class, "NVRTC comes with CUDA"));
        }

        private static <T extends Library> T load(List<String> names, Class<T> library, String origin) {
            UnsatisfiedLinkError last = null;
            for (String name : names) {
                try {
                    return Native.loadLibrary(name, library);
                } catch (UnsatisfiedLinkError e) {
                    last = e;
                }
            }
            throw new IllegalArgumentException(String.join(" or ", names) + " on the library path: " + origin, last);
        }
    }

    private final Libraries libraries;
    private final CudaDriver driver;
    private final Pointer context;
    private final int device;
    private final int ordinal;

    /**
     * CUDA on a GPU that was assigned. All supernets on it share what CUDA keeps for a process, until this ends.
     *
     * @throws IllegalArgumentException if there is no such GPU
     */
    static Cuda of(Libraries libraries, Device gpu) {
        int started = libraries.driver().cuInit(0);
        IntByReference count = new IntByReference();
        if (started != NO_DEVICE) {
            check(libraries.driver(), started, "starting CUDA", gpu.toString());
            check(libraries.driver(), libraries.driver().cuDeviceGetCount(count), "counting GPUs", gpu.toString());
        }
        int ordinal = gpu.gpuAmong(count.getValue(), "CUDA");
        return IN_USE.computeIfAbsent(new Gpu(libraries, ordinal), Cuda::new);
    }

    private Cuda(Gpu gpu) {
        this.libraries = gpu.libraries();
        this.driver = libraries.driver();
        this.ordinal = gpu.ordinal();
        IntByReference number = new IntByReference();
        check(driver.cuDeviceGet(number, ordinal), "finding GPU " + ordinal);
        this.device = number.getValue();
        PointerByReference pointer = new PointerByReference();
        check(driver.cuDevicePrimaryCtxRetain(pointer, device), "using GPU " + ordinal);
        this.context = pointer.getValue();
    }

    /** Makes the calling thread use this GPU, from now on. */
    void bind() {
        check(driver.cuCtxSetCurrent(context), "using the GPU");
    }

    /** Such as {@code 90} for 9.0. */
    int capability() {
        return 10 * attribute(CAPABILITY_MAJOR) + attribute(CAPABILITY_MINOR);
    }

    private int attribute(int which) {
        IntByReference value = new IntByReference();
        check(driver.cuDeviceGetAttribute(value, which, device), "asking for the GPU's properties");
        return value.getValue();
    }

    /** What decides the bits of kernels that are built here: the compiler's version and the card's model. */
    String description() {
        IntByReference major = new IntByReference();
        IntByReference minor = new IntByReference();
        checkCompiler(libraries.compiler().nvrtcVersion(major, minor), "");
        return "NVRTC " + major.getValue() + "." + minor.getValue() + ", " + name();
    }

    private String name() {
        byte[] name = new byte[128];
        check(driver.cuDeviceGetName(name, name.length, device), "asking for the GPU's name");
        return Native.toString(name, StandardCharsets.UTF_8.name());
    }

    /** All of its memory, in bytes. */
    long memory() {
        LongByReference free = new LongByReference();
        LongByReference total = new LongByReference();
        check(driver.cuMemGetInfo_v2(free, total), "asking for the GPU's memory");
        return total.getValue();
    }

    /**
     * Memory of the GPU, with undefined content.
     *
     * @return its address
     */
    long allocate(long bytes) {
        LongByReference address = new LongByReference();
        check(driver.cuMemAlloc_v2(address, bytes), "allocating " + (bytes >> 20) + " MiB");
        return address.getValue();
    }

    void free(long address) {
        check(driver.cuMemFree_v2(address), "freeing memory");
    }

    /** Memory of the host that the GPU reads and writes. */
    Pointer allocateMapped(long bytes) {
        PointerByReference memory = new PointerByReference();
        check(driver.cuMemHostAlloc(memory, bytes, MAPPED_MEMORY), "allocating memory of the host");
        return memory.getValue();
    }

    /** The GPU's address of mapped memory. */
    long address(Pointer mapped) {
        LongByReference address = new LongByReference();
        check(driver.cuMemHostGetDevicePointer_v2(address, mapped, 0), "mapping memory of the host");
        return address.getValue();
    }

    void freeMapped(Pointer memory) {
        check(driver.cuMemFreeHost(memory), "freeing memory of the host");
    }

    /** Copies to the GPU in the order of the stream, and waits for it. */
    void write(long to, Memory from, Pointer stream) {
        check(driver.cuMemcpyHtoDAsync_v2(to, from, from.size(), stream), "copying to the GPU");
        await(stream);
        Reference.reachabilityFence(from);
    }

    void write(long to, float[] values, Pointer stream) {
        Memory memory = new Memory((long) Float.BYTES * values.length);
        memory.write(0, values, 0, values.length);
        write(to, memory, stream);
    }

    void write(long to, long[] values, Pointer stream) {
        Memory memory = new Memory((long) Long.BYTES * values.length);
        memory.write(0, values, 0, values.length);
        write(to, memory, stream);
    }

    /** Copies from the GPU in the order of the stream, after waiting for it. */
    float[] readFloats(long from, int count, Pointer stream) {
        return read(from, (long) Float.BYTES * count, stream).getFloatArray(0, count);
    }

    long[] readLongs(long from, int count, Pointer stream) {
        return read(from, (long) Long.BYTES * count, stream).getLongArray(0, count);
    }

    private Memory read(long from, long bytes, Pointer stream) {
        Memory memory = new Memory(bytes);
        check(driver.cuMemcpyDtoHAsync_v2(memory, from, bytes, stream), "copying from the GPU");
        await(stream);
        return memory;
    }

    void clear(long address, long bytes, Pointer stream) {
        check(driver.cuMemsetD8Async(address, (byte) 0, bytes, stream), "clearing memory");
    }

    Pointer stream() {
        PointerByReference stream = new PointerByReference();
        check(driver.cuStreamCreate(stream, NON_BLOCKING_STREAM), "making a stream");
        return stream.getValue();
    }

    void destroyStream(Pointer stream) {
        check(driver.cuStreamDestroy_v2(stream), "ending a stream");
    }

    void await(Pointer stream) {
        check(driver.cuStreamSynchronize(stream), "computing");
    }

    Pointer event() {
        return event(SLEEPING_EVENT_WITHOUT_TIME);
    }

    /** An event that {@link #mark} gives a time. */
    Pointer timedEvent() {
        return event(EVENT_WITH_TIME);
    }

    private Pointer event(int flags) {
        PointerByReference event = new PointerByReference();
        check(driver.cuEventCreate(event, flags), "making an event");
        return event.getValue();
    }

    /** Makes an event part of what is being recorded on a stream: it then happens each time that is launched. */
    void mark(Pointer event, Pointer stream) {
        check(driver.cuEventRecordWithFlags(event, stream, RECORDED_EVENT), "recording an event");
    }

    /** The time between two events that have happened. */
    long nanoseconds(Pointer start, Pointer end) {
        FloatByReference milliseconds = new FloatByReference();
        check(driver.cuEventElapsedTime(milliseconds, start, end), "timing kernels");
        return Math.round(milliseconds.getValue() * 1e6);
    }

    void destroyEvent(Pointer event) {
        check(driver.cuEventDestroy_v2(event), "ending an event");
    }

    void record(Pointer event, Pointer stream) {
        check(driver.cuEventRecord(event, stream), "recording an event");
    }

    /** Makes what comes later on a stream wait for an event. */
    void await(Pointer event, Pointer stream) {
        check(driver.cuStreamWaitEvent(stream, event, 0), "waiting for an event");
    }

    boolean isOver(Pointer event) {
        int status = driver.cuEventQuery(event);
        if (status != NOT_READY) {
            check(status, "computing");
        }
        return status != NOT_READY;
    }

    void awaitEvent(Pointer event) {
        check(driver.cuEventSynchronize(event), "computing");
    }

    /** What some work launches on a stream, to be launched at once from now on. */
    Pointer recorded(Pointer stream, Runnable work) {
        check(driver.cuStreamBeginCapture_v2(stream, CAPTURE_OF_THIS_THREAD), "recording kernels");
        PointerByReference graph = new PointerByReference();
        try {
            work.run();
        } catch (RuntimeException e) {
            driver.cuStreamEndCapture(stream, graph); // which fails as well, and gives the stream back
            throw e;
        }
        check(driver.cuStreamEndCapture(stream, graph), "recording kernels");
        PointerByReference executable = new PointerByReference();
        int status = driver.cuGraphInstantiateWithFlags(executable, graph.getValue(), 0);
        check(driver.cuGraphDestroy(graph.getValue()), "ending a recording");
        check(status, "making a graph of kernels");
        return executable.getValue();
    }

    void launchGraph(Pointer executable, Pointer stream) {
        check(driver.cuGraphLaunch(executable, stream), "launching a graph of kernels");
    }

    void destroyGraph(Pointer executable) {
        check(driver.cuGraphExecDestroy(executable), "ending a graph of kernels");
    }

    /**
     * Kernels built for this GPU. Building takes seconds, so that all supernets of a process share what is built.
     *
     * @param defines macros with their values, such as {@code CHANNELS=5}
     * @param unit the part of the source to be built
     */
    byte[] build(String source, List<String> defines, int unit) {
        List<String> options = new ArrayList<>(List.of("--gpu-architecture=sm_" + capability(), "--std=c++17"));
        defines.forEach(define -> options.add("-D" + define));
        options.add("-DUNIT=" + unit);
        return BUILT.computeIfAbsent(
                new Build(source, options), build -> compile(source, options.toArray(String[]::new)));
    }

    /** A module of kernels that have been built. */
    Pointer load(byte[] built) {
        Memory image = new Memory(built.length);
        image.write(0, built, 0, built.length);
        PointerByReference module = new PointerByReference();
        check(driver.cuModuleLoadData(module, image), "loading kernels");
        return module.getValue();
    }

    private byte[] compile(String source, String[] options) {
        KernelCompiler compiler = libraries.compiler();
        PointerByReference program = new PointerByReference();
        checkCompiler(compiler.nvrtcCreateProgram(program, source, "supernet.cu", 0, null, null), "");
        try {
            int status = compiler.nvrtcCompileProgram(program.getValue(), options.length, options);
            LongByReference size = new LongByReference();
            checkCompiler(compiler.nvrtcGetProgramLogSize(program.getValue(), size), "");
            Memory log = new Memory(Math.max(1, size.getValue()));
            checkCompiler(compiler.nvrtcGetProgramLog(program.getValue(), log), "");
            checkCompiler(status, log.getString(0));
            checkCompiler(compiler.nvrtcGetCUBINSize(program.getValue(), size), "");
            Memory image = new Memory(size.getValue());
            checkCompiler(compiler.nvrtcGetCUBIN(program.getValue(), image), "");
            return image.getByteArray(0, Math.toIntExact(size.getValue()));
        } finally {
            compiler.nvrtcDestroyProgram(program);
        }
    }

    private static void checkCompiler(int status, String log) {
        if (status != 0) {
            throw new CudaException("NVRTC cannot build the kernels (error " + status + ") " + log.strip());
        }
    }

    void unload(Pointer module) {
        check(driver.cuModuleUnload(module), "unloading kernels");
    }

    Pointer function(Pointer module, String name) {
        PointerByReference function = new PointerByReference();
        check(driver.cuModuleGetFunction(function, module, name), "finding the kernel " + name);
        return function.getValue();
    }

    /**
     * Launches a kernel, or records its launch.
     *
     * @param arguments the fields of the structure that it takes, in 8 bytes each
     */
    void launch(Pointer function, int[] blocks, int threads, Pointer stream, long... arguments) {
        Memory structure = new Memory(ARGUMENT_BYTES);
        structure.write(0, arguments, 0, arguments.length);
        Memory list = new Memory(Native.POINTER_SIZE);
        list.setPointer(0, structure);
        check(
                driver.cuLaunchKernel(function, blocks[0], blocks[1], blocks[2], threads, 1, 1, 0, stream, list, null),
                "launching a kernel");
        Reference.reachabilityFence(structure);
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return "GPU " + ordinal;
    }

    private void check(int status, String doing) {
        check(driver, status, doing, toString());
    }

    private static void check(CudaDriver driver, int status, String doing, String gpu) {
        if (status != 0) {
            PointerByReference text = new PointerByReference();
            String why =
                    driver.cuGetErrorString(status, text) == 0 ? text.getValue().getString(0) : "unknown";
            throw DeviceLostException.explained(
                    new CudaException("CUDA error " + status + " in " + doing + ": " + why, status == OUT_OF_MEMORY),
                    gpu);
        }
    }
}
