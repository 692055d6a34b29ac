package io.efsnas.supernet.torch;

import io.efsnas.supernet.machine.MachineCeilings;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What the CPU can do at the most by libtorch's own means. */
final class TorchCeilings {

    private static final int SIDE = 1024;

    private TorchCeilings() {}

    static MachineCeilings measure(int threads) {
        torch.set_num_threads(threads);
        try (PointerScope scope = new PointerScope()) {
            Tensor left = torch.rand(SIDE, SIDE);
            Tensor right = torch.rand(SIDE, SIDE);
            Tensor product = torch.rand(SIDE, SIDE);
            double arithmetic = MachineCeilings.bestSeconds(() -> torch.mm_out(product, left, right));
            Tensor from = torch.rand(16 << 20);
            Tensor to = torch.rand(16 << 20);
            double memory = MachineCeilings.bestSeconds(() -> to.add_(from));
            return MachineCeilings.of(SIDE, arithmetic, to.numel(), memory);
        }
    }
}
