package io.efsnas.supernet.graph;

import io.efsnas.supernet.Precision;
import io.efsnas.supernet.TestDevice;
import io.efsnas.supernet.nd4j.Nd4jImplementation;
import io.efsnas.supernet.torch.TorchImplementation;
import io.efsnas.supernet.vector.VectorImplementation;
import java.util.List;

/** All kernels that have to do the same as {@link ReferenceKernels}. */
final class Implementations {

    private static final Implementation<?> LIBTORCH = new TorchImplementation(Precision.FLOAT32);

    static final List<Implementation<?>> ALL = TestDevice.isGpu()
            ? List.of(LIBTORCH)
            : List.of(new Nd4jImplementation(), new VectorImplementation(), LIBTORCH);

    private Implementations() {}
}
