package io.efsnas.supernet.graph;

import io.efsnas.supernet.TestDevice;
import io.efsnas.supernet.nd4j.Nd4jImplementation;
import io.efsnas.supernet.torch.TorchImplementation;
import io.efsnas.supernet.vector.VectorImplementation;
import java.util.List;

/** All kernels that have to do the same as {@link ReferenceKernels}. */
final class Implementations {

    static final List<Implementation<?>> ALL = TestDevice.isGpu()
            ? List.of(new TorchImplementation())
            : List.of(new Nd4jImplementation(), new VectorImplementation(), new TorchImplementation());

    private Implementations() {}
}
