package io.efsnas.supernet.cuda;

import io.efsnas.space.SearchSpace;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.EngineNames;
import io.efsnas.supernet.MemoryShare;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.machine.KernelProfile;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Supernets of NAS-Bench-201 in kernels of our own on NVIDIA GPUs. Needs NVIDIA's driver and NVRTC on the library path,
 * and no further jar.
 */
public final class CudaEngine implements Engine {

    /** The widest images whose tiles fit into the memory that a block of threads shares. */
    private static final int WIDEST = 128;

    @Override
    public String name() {
        return EngineNames.CUDA;
    }

    @Override
    public Optional<String> missing() {
        try {
            Cuda.Libraries.ofSystem();
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public boolean servesGpus() {
        return true;
    }

    @Override
    public boolean inspects() {
        return false;
    }

    @Override
    public boolean takesLessons() {
        return false;
    }

    @Override
    public boolean recalibrates() {
        return false;
    }

    @Override
    public boolean computesAffineNorms() {
        return false;
    }

    @Override
    public boolean computes(SearchSpace space) {
        return space instanceof NasBench201Space;
    }

    @Override
    public Set<Precision> precisions() {
        return EnumSet.of(Precision.FLOAT32);
    }

    @Override
    public String description(Device device) {
        String kernels =
                name() + ", kernels " + Integer.toHexString(KernelSet.source().hashCode());
        return device.gpu().isPresent()
                ? kernels + ", " + Cuda.of(Cuda.Libraries.ofSystem(), device).description()
                : kernels;
    }

    @Override
    public boolean repeats(String description, int itsThreads, Device device, int threads) {
        return description.equals(description(device));
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources) {
        return create(spec, resources, Optional.empty());
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources, KernelProfile profile) {
        return create(spec, resources, Optional.of(profile));
    }

    private Supernet create(SupernetSpec spec, Resources resources, Optional<KernelProfile> profile) {
        if (resources.device().gpu().isEmpty()) {
            throw new IllegalArgumentException("the engine 'cuda' computes on GPUs alone, and none was assigned");
        }
        if (!computes(spec.space())) {
            throw new IllegalArgumentException("the engine 'cuda' computes nas-bench-201 alone, not "
                    + spec.space().name());
        }
        if (spec.size().affine()) {
            throw new IllegalArgumentException("the engine 'cuda' computes no affine batch norms");
        }
        missing().ifPresent(what -> {
            throw new IllegalArgumentException("the engine 'cuda' needs " + what);
        });
        if (spec.size().image().width() > WIDEST) {
            throw new IllegalArgumentException("the engine 'cuda' computes images of at most " + WIDEST
                    + " columns, not " + spec.size().image().width());
        }
        try {
            return new CudaSupernet(spec, resources, Cuda.of(Cuda.Libraries.ofSystem(), resources.device()), profile);
        } catch (CudaException e) { // before there is a supernet whose memory could be named
            String gpu = "the memory of GPU " + resources.device().gpu().orElseThrow();
            throw e.isOutOfMemory() ? MemoryShare.noneLeft(gpu, resources.deviceShare(), e) : e;
        }
    }

    @Override
    public MachineCeilings ceilings(int threads) {
        throw new IllegalArgumentException("the engine 'cuda' does not compute on the CPU");
    }
}
