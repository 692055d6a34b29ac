package io.efsnas.supernet.nd4j;

import io.efsnas.supernet.Device;
import io.efsnas.supernet.EngineNames;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.graph.GraphEngine;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Runs supernets on ND4J. */
public final class Nd4jEngine extends GraphEngine {

    /** Of ND4J, whose jars do not say it; a test holds it equal to that of the jar on the class path. */
    private static final String VERSION = "1.0.0-M2.1";

    @Override
    public String name() {
        return EngineNames.ND4J;
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
    public String description(Device device) {
        String card = servesGpus() && device.gpu().isPresent()
                ? ", " + NativeOpsHolder.getInstance().getDeviceNativeOps().getDeviceName(gpu(device))
                : "";
        return name() + " " + VERSION + " " + NativeLibrary.select() + card;
    }

    @Override
    public boolean repeats(String description, int itsThreads, Device device, int threads) {
        return description.equals(description(device)) && itsThreads == threads;
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
        return MachineCeilings.of(side, arithmetic, to.length(), memory);
    }

    @Override
    protected Nd4jKernels kernels(SupernetSpec spec, Resources resources) {
        NativeLibrary.select();
        return new Nd4jKernels(spec.batch(), resources.threads(), gpu(resources.device()));
    }

    /** The number of the CUDA device to bind to; the CPU backend has one device, 0, whatever the cluster assigned. */
    private static int gpu(Device device) {
        return Nd4j.getEnvironment().isCPU()
                ? 0
                : device.gpuAmong(Nd4j.getAffinityManager().getNumberOfDevices(), "ND4J");
    }
}
