package io.efsnas.supernet.torch;

import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.DeviceLostException;
import io.efsnas.supernet.MemoryShare;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.machine.InstructionSet;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The build of libtorch on the class path.
 *
 * @param platform the platform as JavaCPP calls it, such as {@code linux-x86_64} or, with CUDA, {@code
 *     linux-x86_64-gpu}
 */
record TorchNatives(String platform) {

    /** Of libtorch, whose binding does not say it; a test holds it equal to that on the class path. */
    static final String VERSION = "2.10.0";

    private static final String CUDA = "-gpu";

    /**
     * Read by JavaCPP once, when its first pointer is made. Left alone, it asks the system for the memory of the process
     * before each new tensor, to have garbage collected when there is little left. That takes longer than a small
     * operation, and our tensors do not wait for the garbage collector.
     */
    private static final String MEMORY_CHECK = "org.bytedeco.javacpp.maxPhysicalBytes";

    /** The build on the class path, CUDA's before the CPU's; empty if there is none. Nothing is loaded. */
    static Optional<TorchNatives> onClassPath() {
        ClassLoader loader = TorchNatives.class.getClassLoader();
        String cpu = Loader.Detector.getPlatform();
        return Stream.of(cpu + CUDA, cpu)
                .filter(platform -> loader.getResource("org/bytedeco/pytorch/" + platform + "/libjnitorch.so") != null)
                .findFirst()
                .map(TorchNatives::new);
    }

    /** Whether it can compute on GPUs. */
    boolean cuda() {
        return platform.endsWith(CUDA);
    }

    /**
     * Kernels that compute with these resources. A build without CUDA computes on the CPU, whatever was assigned.
     *
     * @throws IllegalArgumentException if the build does not load here
     */
    TorchKernels kernels(Resources resources) {
        try {
            return kernels(device(resources), resources);
        } catch (RuntimeException e) { // before there are kernels that could explain it
            throw computesOn(resources.device()) ? ofGpu(e, resources) : e;
        }
    }

    /**
     * A final network that computes with these resources, in float32 or TF32.
     *
     * @throws IllegalArgumentException in one line, if the build does not load here or the GPU does not compute
     */
    TorchRetrainedNetwork network(RetrainedNetworkSpec spec, Resources resources) {
        TorchDevice device = computing(resources);
        try {
            return new TorchRetrainedNetwork(spec, device);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** A device that has computed something: a GPU may be there and refuse to. */
    private TorchDevice computing(Resources resources) {
        try {
            TorchDevice device = device(resources);
            device.bind();
            try (PointerScope scope = new PointerScope()) {
                torch.ones(1)
                        .to(device.device(), ScalarType.Float)
                        .add_(new Scalar(1))
                        .cpu();
            }
            return device;
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) { // of many lines, the first of which says what happened
            String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new IllegalArgumentException("libtorch cannot compute on " + resources.device() + ": " + what, e);
        }
    }

    private TorchDevice device(Resources resources) {
        if (System.getProperty(MEMORY_CHECK) == null) {
            System.setProperty(MEMORY_CHECK, "0");
        }
        load();
        configure(resources.precision());
        return computesOn(resources.device()) ? new CudaDevice(resources.device()) : new CpuDevice(resources.threads());
    }

    private static RuntimeException ofGpu(RuntimeException failure, Resources resources) {
        String gpu = "GPU " + resources.device().gpu().orElseThrow();
        return MemoryShare.isExhaustion(failure)
                ? MemoryShare.noneLeft("the memory of " + gpu, resources.deviceShare(), failure)
                : DeviceLostException.explained(failure, gpu);
    }

    private static TorchKernels kernels(TorchDevice device, Resources resources) {
        try {
            return new TorchKernels(device, resources.deviceShare(), resources.precision());
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** Whether this build computes on a device that is a GPU. */
    private boolean computesOn(Device device) {
        return cuda() && device.gpu().isPresent();
    }

    /**
     * What decides bits beside the build itself, after a space: the processor's instructions, which the build for CPUs
     * chooses its code by, or a comma and what {@link CudaDevice#describe} says of a GPU; empty for a build for CUDA
     * where no GPU is.
     *
     * @throws IllegalArgumentException if the GPU or what it takes to use it is not there
     */
    String hardware(Device device) {
        if (!cuda()) {
            return " " + InstructionSet.ofThisProcessor();
        }
        if (!computesOn(device)) {
            return "";
        }
        load();
        return ", " + CudaDevice.describe(device);
    }

    private void load() {
        try {
            Loader.load(torch.class);
        } catch (LinkageError e) {
            String why = ExceptionUtils.getRootCauseMessage(e) + (cuda() ? "; " + CudaLibraries.trouble() : "");
            throw new IllegalArgumentException("libtorch's build for " + platform + " does not load: " + why, e);
        }
    }

    /** These settings are libtorch's for the whole process, as a search's precision is. */
    private static void configure(Precision precision) {
        try (Context context = torch.globalContext()) {
            context.setDeterministicCuDNN(true);
            context.setBenchmarkCuDNN(false);
            context.setDeterministicMkldnn(true);
            context.setUserEnabledNNPACK(false); // which does no more than warn of processors that it does not know
            context.setAllowTF32CuDNN(precision == Precision.TF32);
            context.setAllowTF32CuBLAS(precision == Precision.TF32);
        }
    }
}
