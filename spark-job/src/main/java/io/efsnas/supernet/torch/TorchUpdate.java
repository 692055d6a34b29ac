package io.efsnas.supernet.torch;

import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The optimizer step over all weights at once: on a GPU a call for each weight would take longer than the arithmetic.
 * libtorch's operations on lists of tensors are not among those that JavaCPP binds, but TorchScript reaches them.
 */
final class TorchUpdate implements AutoCloseable {

    private static final String SCRIPT =
            """
            def update(weights: List[Tensor], gradients: List[Tensor], momenta: List[Tensor],
                       weight_decay: float, momentum: float, clip: float, learning_rate: float):
                if clip > 0:
                    norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients)))
                    torch._foreach_mul_(gradients, torch.clamp(clip / norm, max=1.0))
                torch._fused_sgd_(weights, gradients, momenta, weight_decay=weight_decay, momentum=momentum,
                                  lr=learning_rate, dampening=0.0, nesterov=True, maximize=False, is_first_step=False)
            """;

    private static final String CLIP =
            """
            def clip(gradients: List[Tensor], clip: float):
                norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients)))
                torch._foreach_mul_(gradients, torch.clamp(clip / norm, max=1.0))
            """;

    private static final String FOLLOW =
            """
            def follow(averages: List[Tensor], values: List[Tensor], share: float):
                torch._foreach_lerp_(averages, values, share)
            """;

    private final CompilationUnit script = torch.compile(SCRIPT);
    private final Function update = script.get_functions().get(0);
    private final CompilationUnit clipping = torch.compile(CLIP);
    private final Function clip = clipping.get_functions().get(0);

    private final CompilationUnit following = torch.compile(FOLLOW);
    private final Function follow = following.get_functions().get(0);

    void run(
            List<Tensor> weights,
            List<Tensor> gradients,
            List<Tensor> momenta,
            Optimizer optimizer,
            float learningRate) {
        try (PointerScope scope = new PointerScope()) {
            // Its optimizer would look for a compiler of CUDA's to fuse what is no work at all.
            torch.setGraphExecutorOptimize(false);
            IValueVector arguments = new IValueVector(
                    list(weights),
                    list(gradients),
                    list(optimizer.momentum() == 0 ? List.of() : momenta), // which it wants then
                    new IValue((double) optimizer.weightDecay()),
                    new IValue((double) optimizer.momentum()),
                    new IValue((double) optimizer.gradientClip()),
                    new IValue((double) learningRate));
            update.apply(arguments);
        } catch (RuntimeException e) { // which tells of TorchScript first, and of the cause last
            throw new IllegalStateException(e.getMessage().replaceFirst("(?s).*RuntimeError: ", ""), e);
        }
    }

    /** Scales gradients to the largest norm allowed, if their norm, all together, is above it. */
    void clip(List<Tensor> gradients, Optimizer optimizer) {
        if (optimizer.gradientClip() > 0) {
            try (PointerScope scope = new PointerScope()) {
                torch.setGraphExecutorOptimize(false);
                clip.apply(new IValueVector(list(gradients), new IValue((double) optimizer.gradientClip())));
            }
        }
    }

    /** Moves averages towards values by a share of their distance. */
    void follow(List<Tensor> averages, List<Tensor> values, double share) {
        try (PointerScope scope = new PointerScope()) {
            torch.setGraphExecutorOptimize(false);
            follow.apply(new IValueVector(list(averages), list(values), new IValue(share)));
        }
    }

    private static IValue list(List<Tensor> tensors) {
        GenericList list = new GenericList(new TensorList(new TensorVector()).elementType());
        tensors.forEach(tensor -> list.push_back(new IValue(tensor)));
        return new IValue(list);
    }

    @Override
    public void close() {
        script.close();
        clipping.close();
        following.close();
    }
}
