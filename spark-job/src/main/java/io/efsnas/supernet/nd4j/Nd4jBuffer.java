package io.efsnas.supernet.nd4j;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Values of which the last dimension is the channel: feature maps {@code [image, row, column, channel]}, the weight of a
 * convolution {@code [row, column, input, output]} or of a linear layer {@code [input, output]}, or one value for each
 * channel. With the channel last, a sum over pixels and a pointwise convolution are plain matrix products.
 */
final class Nd4jBuffer implements AutoCloseable {

    /**
     * The same values in four shapes.
     *
     * @param array as they are
     * @param matrix with a column for each channel
     * @param rows with a row for each entry of the first dimension
     * @param row as a single row
     */
    record View(INDArray array, INDArray matrix, INDArray rows, INDArray row) {}

    private final INDArray values;
    private final View whole;
    private final Map<Integer, View> leading = new HashMap<>();
    private final Map<Integer, View> halves = new HashMap<>();

    /** A buffer of zeros. */
    Nd4jBuffer(long... shape) {
        values = Nd4j.create(DataType.FLOAT, shape);
        whole = view(0, shape);
    }

    View whole() {
        return whole;
    }

    /** The leading entries of the first dimension: the images of a batch that is smaller than the buffer. */
    View first(int count) {
        return count == values.size(0) ? whole : leading.computeIfAbsent(count, this::viewOf);
    }

    private View viewOf(int count) {
        long[] shape = values.shape().clone();
        shape[0] = count;
        return view(0, shape);
    }

    /** One of the halves, 0 or 1, of a buffer with one dimension. */
    View half(int index) {
        long size = values.length() / 2;
        return halves.computeIfAbsent(index, any -> view(index * size, size));
    }

    private View view(long from, long... shape) {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        long channels = shape[shape.length - 1];
        return new View(
                following(from, shape),
                following(from, size / channels, channels),
                following(from, shape[0], size / shape[0]),
                following(from, 1, size));
    }

    /** A row-major view has the values of its buffer that follow a first one, whatever its shape. */
    private INDArray following(long from, long... shape) {
        return Nd4j.create(values.data(), shape, Nd4j.getStrides(shape, 'c'), from, 'c');
    }

    @Override
    public void close() {
        values.close();
    }
}
