package io.efsnas.supernet.graph;

import io.efsnas.network.Network;
import io.efsnas.network.Weight;
import io.efsnas.retraining.NetworkTensors;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.supernet.graph.Kernels.Trained;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;

/**
 * A final network that runs forward with some weights and statistics.
 *
 * @param <B> a buffer of the kernels
 */
record FinalPass<B>(Plan<B> plan, FinalVariant<B> variant, Forward<B> forward) {

    /**
     * @param paths the nodes that training steps leave out
     * @param tensor gives the weights and statistics
     * @param places the places of the weights
     */
    static <B> FinalPass<B> of(
            RetrainedNetworkSpec spec,
            Network network,
            List<Integer> paths,
            FinalKernels<B> kernels,
            BufferPool<B> buffers,
            Function<Weight, Trained<B>> tensor,
            BitSet places) {
        FinalVariant<B> variant = new FinalVariant<>(spec, paths.size(), kernels, buffers);
        Plan<B> plan = new Plan<>(
                network,
                layer -> NetworkTensors.of(layer).stream().map(tensor).toList(),
                places,
                paths,
                new HashMap<>());
        return new FinalPass<>(plan, variant, new Forward<>(kernels, buffers, variant));
    }
}
