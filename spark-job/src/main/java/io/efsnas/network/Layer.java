package io.efsnas.network;

import java.io.Serializable;
import java.util.List;

/**
 * One step of a network's description. A layer says what is computed, never how; what it takes and gives are feature
 * maps of one image.
 */
public sealed interface Layer extends Serializable {

    /**
     * Something that is done for each kind of layer in its own way. A further kind is a further method here, so that
     * nothing compiles before every visitor knows it.
     *
     * @param <R> what comes of it
     */
    interface Visitor<R> {

        R input(Input layer);

        R convolution(Convolution layer);

        R depthwise(Depthwise layer);

        R batchNorm(BatchNorm layer);

        R relu(Relu layer);

        R relu6(Relu6 layer);

        R hardSigmoid(HardSigmoid layer);

        R averagePool(AveragePool layer);

        R maxPool(MaxPool layer);

        R subsample(Subsample layer);

        R sum(Sum layer);

        R concatenation(Concatenation layer);

        R channelScale(ChannelScale layer);

        R globalAveragePool(GlobalAveragePool layer);

        R linear(Linear layer);
    }

    /** Does what the visitor does for this kind of layer. */
    <R> R accept(Visitor<R> visitor);

    /**
     * The shape of this layer's output.
     *
     * @throws IllegalArgumentException if the layer does not fit these inputs
     */
    Shape output(List<Shape> inputs);

    /** The tensors that this layer learns in a supernet, where a batch norm has some only if it is affine. */
    default List<Weight> weights() {
        return List.of();
    }

    /** What this layer costs in the final network, where batch norms are affine. */
    default Cost cost(Shape output) {
        return Cost.ZERO;
    }

    /** The image. */
    record Input(Shape shape) implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.input(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return shape;
        }
    }

    /** A square convolution without bias, padded so that stride 1 keeps the resolution. */
    record Convolution(String name, int inputs, int outputs, int kernel, int stride) implements Layer {
        public Convolution {
            requireOdd(name, kernel);
        }

        /** Rows and columns of zeros around the input. */
        public int padding() {
            return kernel / 2;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.convolution(this);
        }

        @Override
        public Shape output(List<Shape> from) {
            return output(only(from));
        }

        /** The shape of the output for an input of some shape. */
        public Shape output(Shape in) {
            return convolved(name, in, inputs, outputs, stride);
        }

        @Override
        public List<Weight> weights() {
            return List.of(
                    new Weight(name + ".weight", List.of(outputs, inputs, kernel, kernel), inputs * kernel * kernel));
        }

        @Override
        public Cost cost(Shape output) {
            long parameters = (long) outputs * inputs * kernel * kernel;
            return new Cost(parameters * output.pixels(), parameters);
        }
    }

    /**
     * A square convolution of each channel by itself, without bias, padded so that stride 1 keeps the resolution.
     *
     * @param dilation from one pixel that a kernel looks at to the next; 1 if they are neighbours
     */
    record Depthwise(String name, int channels, int kernel, int stride, int dilation) implements Layer {
        public Depthwise {
            requireOdd(name, kernel);
        }

        /** Rows and columns of zeros around the input. */
        public int padding() {
            return kernel / 2 * dilation;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.depthwise(this);
        }

        @Override
        public Shape output(List<Shape> from) {
            return output(only(from));
        }

        /** The shape of the output for an input of some shape. */
        public Shape output(Shape in) {
            return convolved(name, in, channels, channels, stride);
        }

        @Override
        public List<Weight> weights() {
            return List.of(new Weight(name + ".weight", List.of(channels, 1, kernel, kernel), kernel * kernel));
        }

        @Override
        public Cost cost(Shape output) {
            long parameters = (long) channels * kernel * kernel;
            return new Cost(parameters * output.pixels(), parameters);
        }
    }

    /**
     * Batch normalisation: with the batch's own statistics in a supernet. In the final network it is always affine.
     *
     * @param affine whether it learns a scale and a shift of each channel in a supernet
     */
    record BatchNorm(String name, int channels, boolean affine) implements Layer {

        /** One that learns nothing in a supernet. */
        public BatchNorm(String name, int channels) {
            this(name, channels, false);
        }

        /** What each channel is multiplied by after it was normalised: 1 at first. */
        public Weight scale() {
            return new Weight(name + ".weight", List.of(channels), 0);
        }

        /** What is then added to each channel: 0 at first. */
        public Weight shift() {
            return new Weight(name + ".bias", List.of(channels), 0);
        }

        @Override
        public List<Weight> weights() {
            return affine ? List.of(scale(), shift()) : List.of();
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.batchNorm(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
        }

        @Override
        public Cost cost(Shape output) {
            return new Cost(0, 2L * channels);
        }
    }

    /** max(x, 0). */
    record Relu() implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.relu(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
        }
    }

    /** min(max(x, 0), 6), the activation of mobile networks. */
    record Relu6() implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.relu6(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
        }
    }

    /**
     * min(max(x + 3, 0), 6) / 6, which stands for a sigmoid (Howard et al., <i>Searching for MobileNetV3</i>, ICCV 2019).
     */
    record HardSigmoid() implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.hardSigmoid(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
        }
    }

    /** The mean over a square window; pixels outside the image are not counted. */
    record AveragePool(int kernel, int stride, int padding) implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.averagePool(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return output(only(inputs));
        }

        /** The shape of the output for an input of some shape. */
        public Shape output(Shape in) {
            return pooled(in, kernel, stride, padding);
        }
    }

    /** The largest value in a square window; pixels outside the image are not counted. */
    record MaxPool(int kernel, int stride, int padding) implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.maxPool(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return output(only(inputs));
        }

        /** The shape of the output for an input of some shape. */
        public Shape output(Shape in) {
            return pooled(in, kernel, stride, padding);
        }
    }

    /**
     * Some of the pixels, the others are dropped.
     *
     * @param stride from one row or column that is kept to the next
     * @param first the first row and column that is kept
     */
    record Subsample(int stride, int first) implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.subsample(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return output(only(inputs));
        }

        /** The shape of the output for an input of some shape. */
        public Shape output(Shape in) {
            return pooled(in, first + 1, stride, 0);
        }
    }

    /** The sum of several feature maps of one shape; the same one may come in twice. */
    record Sum() implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sum(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            if (inputs.stream().distinct().count() != 1) {
                throw new IllegalArgumentException("a sum needs inputs of one shape, not " + inputs);
            }
            return inputs.get(0);
        }
    }

    /** The channels of several feature maps of one shape, one map after the other; the same one may come in twice. */
    record Concatenation() implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.concatenation(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            if (inputs.stream().distinct().count() != 1) {
                throw new IllegalArgumentException("a concatenation needs inputs of one shape, not " + inputs);
            }
            Shape each = inputs.get(0);
            return new Shape(inputs.size() * each.channels(), each.height(), each.width());
        }
    }

    /**
     * The feature maps of the first input, each channel times a factor: the second input has a single pixel, with the
     * factors of the channels.
     */
    record ChannelScale() implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.channelScale(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            Shape maps = inputs.get(0);
            if (inputs.size() != 2 || !inputs.get(1).equals(new Shape(maps.channels(), 1, 1))) {
                throw new IllegalArgumentException("maps are scaled by one factor for each channel, not " + inputs);
            }
            return maps;
        }
    }

    /** The mean over all pixels of a channel. */
    record GlobalAveragePool() implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.globalAveragePool(this);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return new Shape(only(inputs).channels(), 1, 1);
        }
    }

    /** A fully connected layer with bias. */
    record Linear(String name, int inputs, int outputs) implements Layer {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.linear(this);
        }

        @Override
        public Shape output(List<Shape> from) {
            if (only(from).size() != inputs) {
                throw new IllegalArgumentException("linear layer " + name + " takes " + inputs + " values, not "
                        + only(from).size());
            }
            return new Shape(outputs, 1, 1);
        }

        @Override
        public List<Weight> weights() {
            return List.of(
                    new Weight(name + ".weight", List.of(outputs, inputs), inputs),
                    new Weight(name + ".bias", List.of(outputs), inputs));
        }

        @Override
        public Cost cost(Shape output) {
            long products = (long) inputs * outputs;
            return new Cost(products, products + outputs);
        }
    }

    private static void requireOdd(String name, int kernel) {
        if (kernel % 2 == 0) {
            throw new IllegalArgumentException("convolution " + name + " needs an odd kernel, not " + kernel);
        }
    }

    private static Shape convolved(String name, Shape in, int inputs, int outputs, int stride) {
        if (in.channels() != inputs) {
            throw new IllegalArgumentException(
                    "convolution " + name + " takes " + inputs + " channels, not " + in.channels());
        }
        return new Shape(outputs, (in.height() - 1) / stride + 1, (in.width() - 1) / stride + 1);
    }

    private static Shape pooled(Shape in, int kernel, int stride, int padding) {
        return new Shape(
                in.channels(),
                (in.height() + 2 * padding - kernel) / stride + 1,
                (in.width() + 2 * padding - kernel) / stride + 1);
    }

    private static Shape only(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("this layer takes one input, not " + inputs.size());
        }
        return inputs.get(0);
    }
}
