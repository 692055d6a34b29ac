package io.efsnas.supernet.cuda;

import com.sun.jna.Pointer;
import io.efsnas.network.Weight;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights of a supernet and their momenta on a GPU, each in one row of numbers. */
final class DeviceWeights {

    private final Cuda cuda;
    private final Pointer stream;
    private final List<Weight> all;
    private final FlatWeights layout;
    private final long weights;
    private final long momenta;

    /** Weights with their initial values, and momenta of zero. */
    DeviceWeights(Cuda cuda, SupernetSpec spec, Buffers buffers, Pointer stream) {
        this.cuda = cuda;
        this.stream = stream;
        this.all = spec.weights();
        this.layout = new FlatWeights(all, spec.size());
        this.weights = buffers.floats(layout.size());
        this.momenta = buffers.floats(layout.size());
        float[] row = new float[layout.size()];
        for (int i = 0; i < all.size(); i++) {
            layout.put(
                    place(all.get(i)),
                    InitialWeights.of(spec.seed(), i, all.get(i), spec.space().initialisation()),
                    row);
        }
        cuda.write(weights, row, stream);
        cuda.clear(momenta, (long) Float.BYTES * layout.size(), stream);
    }

    private FlatWeights.Place place(Weight weight) {
        return layout.place(weight.name());
    }

    FlatWeights layout() {
        return layout;
    }

    /** The address of the row of weights. */
    long address() {
        return weights;
    }

    /** The address of the row of momenta. */
    long momenta() {
        return momenta;
    }

    SupernetState state() {
        float[] values = cuda.readFloats(weights, layout.size(), stream);
        float[] moved = cuda.readFloats(momenta, layout.size(), stream);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Weight weight : all) {
            tensors.put(weight.name(), tensor(weight, values));
        }
        for (Weight weight : all) {
            tensors.put(SupernetState.MOMENTUM + weight.name(), tensor(weight, moved));
        }
        return new SupernetState(tensors);
    }

    private Tensor tensor(Weight weight, float[] row) {
        return new Tensor(weight.shape(), layout.get(place(weight), row));
    }

    void restore(SupernetState state) {
        state.requireTensorsOf(all);
        float[] values = new float[layout.size()];
        float[] moved = new float[layout.size()];
        for (Weight weight : all) {
            layout.put(place(weight), state.values(weight), values);
            layout.put(place(weight), state.momentum(weight), moved);
        }
        cuda.write(weights, values, stream);
        cuda.write(momenta, moved, stream);
    }
}
