package io.efsnas.supernet.torch;

import io.efsnas.network.Weight;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights as they are kept on a device: one row, in the order {@code [output, row, column, input]}. So the optimizer sees
 * plain rows, and convolutions weights with the channel innermost.
 */
final class WeightRows {

    private WeightRows() {}

    /** A weight or its gradient as a row. */
    static Tensor row(Tensor shaped) {
        return (shaped.dim() == 4 ? shaped.permute(0, 2, 3, 1) : shaped)
                .reshape(-1)
                .contiguous();
    }

    /** A row in the shape of the weight. */
    static Tensor shaped(Weight weight, Tensor row) {
        List<Integer> shape = weight.shape();
        return switch (shape.size()) {
            case 4 -> row.view(shape.get(0), shape.get(2), shape.get(3), shape.get(1))
                    .permute(0, 3, 1, 2);
            case 2 -> row.view(shape.get(0), shape.get(1));
            default -> row;
        };
    }
}
