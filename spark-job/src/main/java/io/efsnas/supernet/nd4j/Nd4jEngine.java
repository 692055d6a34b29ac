package io.efsnas.supernet.nd4j;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.KernelProfile;
import io.efsnas.supernet.MachineCeilings;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.graph.GraphSupernet;
import io.efsnas.supernet.graph.ProfiledKernels;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Runs supernets on ND4J. */
public final class Nd4jEngine implements Engine {

    /** Of ND4J, whose jars do not say it; a test holds it equal to that of the jar on the class path. */
    private static final String VERSION = "1.0.0-M2.1";

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public boolean servesGpus() {
        return NativeLibrary.isCuda();
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.of(Precision.FLOAT32);
    }

    @Override
    public String description() {
        return name() + " " + VERSION + " " + NativeLibrary.select();
    }

    @Override
    public boolean repeats(String description, int itsThreads, int threads) {
        return description.equals(description()) && itsThreads == threads;
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources) {
        return new GraphSupernet<>(spec, kernels(spec, resources));
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources, KernelProfile profile) {
        return new GraphSupernet<>(spec, new ProfiledKernels<>(kernels(spec, resources), profile));
    }

    @Override
    public MachineCeilings ceilings(int threads) {
        NativeLibrary.select();
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        int side = 1024;
        INDArray left = Nd4j.rand(DataType.FLOAT, side, side);
        INDArray right = Nd4j.rand(DataType.FLOAT, side, side);
        INDArray product = Nd4j.create(DataType.FLOAT, side, side);
        double arithmetic = MachineCeilings.bestSeconds(() -> left.mmuli(right, product));
        INDArray from = Nd4j.rand(DataType.FLOAT, 16 << 20);
        INDArray to = Nd4j.rand(DataType.FLOAT, 16 << 20);
        double memory = MachineCeilings.bestSeconds(() -> to.addi(from));
        return new MachineCeilings(
                2.0 * side * side * side / arithmetic / 1e9, 3.0 * Float.BYTES * to.length() / memory / 1e9);
    }

    private static Nd4jKernels kernels(SupernetSpec spec, Resources resources) {
        NativeLibrary.select();
        return new Nd4jKernels(spec.batch(), resources.threads(), gpu(resources.device()));
    }

    /** The number of the CUDA device to bind to; the CPU backend has one device, 0, whatever the cluster assigned. */
    private static int gpu(Device device) {
        String address = device.gpu().orElse("0");
        if (Nd4j.getEnvironment().isCPU()) {
            return 0;
        }
        int devices = Nd4j.getAffinityManager().getNumberOfDevices();
        if (!address.matches("\\d{1,3}") || Integer.parseInt(address) >= devices) {
            throw new IllegalArgumentException(
                    "there is no GPU '" + address + "' here; ND4J sees GPUs 0 to " + (devices - 1));
        }
        return Integer.parseInt(address);
    }
}
