package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;

import io.efsnas.data.Batch;
import io.efsnas.network.Layer;
import io.efsnas.network.Layer.Convolution;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.graph.FinalKernels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Kernels over heap arrays; the package says how they are laid out. Weights lie in row-major order of their shape. */
final class VectorKernels implements FinalKernels<float[]> {

    private static final double EPSILON = 1e-5;
    private static final int OUTPUTS_OF_A_TASK = 8;

    /** What the weight gradient of one convolution shape needs, for each group of images. */
    private record ConvolutionShape(int inputs, int outputs, int kernel, int stride, Shape in) {}

    private final int maxGroups;
    private final Workers workers;
    private final Map<ConvolutionShape, WeightGradient[]> weightGradients = new HashMap<>();
    private final Winograd[] filters;
    private float[] packedWeights = {};
    /** By group: partial sums over its images and other rows, and weight gradients from its images alone. */
    private final float[][] first;

    private final float[][] second;
    private final float[][] partialGradients;
    /** Factors per channel spread to rows: for full groups and, with zeros after the last image, for the last one. */
    private final float[][][] factors = new float[4][2][];

    private int images;
    private int[] labels = {};

    VectorKernels(int batch, int threads) {
        maxGroups = Groups.count(batch);
        workers = new Workers(Math.min(threads, maxGroups));
        filters = new Winograd[maxGroups];
        Arrays.setAll(filters, any -> new Winograd());
        first = new float[maxGroups][];
        second = new float[maxGroups][];
        partialGradients = new float[maxGroups][0];
        Arrays.setAll(first, any -> new float[0]);
        Arrays.setAll(second, any -> new float[0]);
        for (float[][] factor : factors) {
            Arrays.setAll(factor, any -> new float[0]);
        }
    }

    private int groups() {
        return Groups.count(images);
    }

    private int lanes(int group) {
        return Groups.lanes(images, group);
    }

    @Override
    public float[] featureMaps(Shape shape) {
        return new float[maxGroups * Groups.size(shape)];
    }

    @Override
    public float[] channelValues(int channels) {
        return new float[channels];
    }

    @Override
    public float[] weight(Weight weight) {
        return new float[weight.size()];
    }

    @Override
    public void write(Weight weight, float[] values, float[] to) {
        System.arraycopy(values, 0, to, 0, weight.size());
    }

    @Override
    public void read(Weight weight, float[] from, float[] values) {
        System.arraycopy(from, 0, values, 0, weight.size());
    }

    @Override
    public void images(Batch batch, float[] to) {
        images = batch.size();
        labels = batch.labels();
        int channels = batch.shape().channels();
        int pixels = batch.shape().pixels();
        float[] given = batch.images();
        workers.forEachGroup(groups(), group -> {
            int groupAt = group * Groups.size(batch.shape());
            Arrays.fill(to, groupAt, groupAt + Groups.size(batch.shape()), 0);
            for (int lane = 0; lane < lanes(group); lane++) {
                int from = (group * LANES + lane) * batch.shape().size();
                for (int channel = 0; channel < channels; channel++) {
                    for (int pixel = 0; pixel < pixels; pixel++) {
                        to[groupAt + (pixel * channels + channel) * LANES + lane] = given[from++];
                    }
                }
            }
        });
    }

    @Override
    public void read(Shape shape, float[] from, float[] values) {
        int channels = shape.channels();
        int pixels = shape.pixels();
        workers.forEachGroup(groups(), group -> {
            int groupAt = group * Groups.size(shape);
            for (int lane = 0; lane < lanes(group); lane++) {
                int to = (group * LANES + lane) * shape.size();
                for (int channel = 0; channel < channels; channel++) {
                    for (int pixel = 0; pixel < pixels; pixel++) {
                        values[to++] = from[groupAt + (pixel * channels + channel) * LANES + lane];
                    }
                }
            }
        });
    }

    @Override
    public void convolution(Convolution layer, Shape in, float[] x, float[] weight, float[] y) {
        Shape out = layer.output(in);
        if (Winograd.suits(layer)) {
            minimalFiltering(layer, false, in, x, weight, y, false);
            return;
        }
        float[] packed = packedWeights(Convolutions.packedSize(layer));
        Convolutions.pack(layer, weight, packed);
        workers.forEachGroup(groups(), group -> Convolutions.forward(layer, in, out, x, packed, y, false, group));
    }

    @Override
    public void convolutionGradient(
            Convolution layer,
            Shape in,
            float[] x,
            float[] weight,
            float[] dy,
            float[] dweight,
            float[] dx,
            boolean add) {
        if (dweight != null) {
            addWeightGradient(layer, in, x, dy, dweight);
        }
        if (dx != null) {
            inputGradient(layer, in, weight, dy, dx, add);
        }
    }

    private void inputGradient(Convolution layer, Shape in, float[] weight, float[] dy, float[] dx, boolean add) {
        Shape out = layer.output(in);
        if (Winograd.suits(layer)) {
            minimalFiltering(Convolutions.transposed(layer), true, out, dy, weight, dx, add);
            return;
        }
        float[] packed = packedWeights(Convolutions.packedSize(layer));
        if (layer.stride() == 1) {
            Convolution transposed = Convolutions.transposed(layer);
            Convolutions.packTransposed(layer, weight, packed);
            workers.forEachGroup(
                    groups(), group -> Convolutions.forward(transposed, out, in, dy, packed, dx, add, group));
        } else {
            Convolutions.packScattering(layer, weight, packed);
            workers.forEachGroup(groups(), group -> Convolutions.scatter(layer, in, out, dy, packed, dx, add, group));
        }
    }

    private void minimalFiltering(
            Convolution layer, boolean transposed, Shape in, float[] x, float[] weight, float[] y, boolean add) {
        float[] packed = packedWeights(Winograd.packedSize(layer));
        int tiles = ConvolutionTiles.heights(layer.outputs()).length;
        workers.forEachGroup(tiles, tile -> Winograd.pack(layer, transposed, weight, tile, packed));
        workers.forEachGroup(groups(), group -> filters[group].convolve(layer, in, x, packed, y, add, group));
    }

    private float[] packedWeights(int size) {
        packedWeights = Groups.atLeast(packedWeights, size);
        return packedWeights;
    }

    private void addWeightGradient(Convolution layer, Shape in, float[] x, float[] dy, float[] dweight) {
        WeightGradient[] byGroup = weightGradients.computeIfAbsent(
                new ConvolutionShape(layer.inputs(), layer.outputs(), layer.kernel(), layer.stride(), in), any -> {
                    WeightGradient[] made = new WeightGradient[maxGroups];
                    Arrays.setAll(made, group -> WeightGradient.of(layer, in));
                    return made;
                });
        workers.forEachGroup(groups(), group -> {
            partialGradients[group] = Groups.atLeast(partialGradients[group], dweight.length);
            byGroup[group].compute(x, dy, partialGradients[group], group);
        });
        addPartialGradients(dweight);
    }

    @Override
    public void depthwise(Layer.Depthwise layer, Shape in, float[] x, float[] weight, float[] y) {
        Shape out = layer.output(in);
        workers.forEachGroup(groups(), group -> DepthwiseConvolutions.forward(layer, in, out, x, weight, y, group));
    }

    @Override
    public void depthwiseGradient(
            Layer.Depthwise layer,
            Shape in,
            float[] x,
            float[] weight,
            float[] dy,
            float[] dweight,
            float[] dx,
            boolean add) {
        Shape out = layer.output(in);
        if (dweight != null) {
            int scratch = DepthwiseConvolutions.scratchSize(layer);
            workers.forEachGroup(groups(), group -> {
                first[group] = Groups.atLeast(first[group], scratch);
                partialGradients[group] = Groups.atLeast(partialGradients[group], dweight.length);
                DepthwiseConvolutions.weightGradient(
                        layer, in, out, x, dy, first[group], partialGradients[group], group);
            });
            addPartialGradients(dweight);
        }
        if (dx != null) {
            workers.forEachGroup(
                    groups(), group -> DepthwiseConvolutions.inputGradient(layer, in, out, dy, weight, dx, add, group));
        }
    }

    private void addPartialGradients(float[] dweight) {
        for (int group = 0; group < groups(); group++) {
            float[] partial = partialGradients[group];
            for (int i = 0; i < dweight.length; i++) {
                dweight[i] += partial[i];
            }
        }
    }

    @Override
    public void batchNorm(Shape shape, float[] x, float[] y, float[] inverseDeviation) {
        int length = shape.channels() * LANES;
        float[] pivot = addMoments(shape, x);
        float[][] scale = factorRow(1, length);
        float[][] shift = factorRow(2, length);
        double count = (double) images * shape.pixels();
        for (int channel = 0; channel < shape.channels(); channel++) {
            double meanOverPivot = foldGroups(first, channel) / count;
            double inverse = 1 / Math.sqrt(variance(channel, meanOverPivot, count) + EPSILON);
            inverseDeviation[channel] = (float) inverse;
            spread(inverse, scale, channel);
            spread(-(meanOverPivot + pivot[channel * LANES]) * inverse, shift, channel);
        }
        normalise(shape, x, y);
    }

    @Override
    public void moments(Shape shape, float[] x, double[] mean, double[] variance) {
        float[] pivot = addMoments(shape, x);
        double count = (double) images * shape.pixels();
        for (int channel = 0; channel < shape.channels(); channel++) {
            double meanOverPivot = foldGroups(first, channel) / count;
            mean[channel] = meanOverPivot + pivot[channel * LANES];
            variance[channel] = variance(channel, meanOverPivot, count) * count / Math.max(1, count - 1);
        }
    }

    @Override
    public void fixedBatchNorm(Shape shape, float[] x, double[] mean, double[] variance, float[] y) {
        int length = shape.channels() * LANES;
        float[][] scale = factorRow(1, length);
        float[][] shift = factorRow(2, length);
        for (int channel = 0; channel < shape.channels(); channel++) {
            double inverse = 1 / Math.sqrt(variance[channel] + EPSILON);
            spread(inverse, scale, channel);
            spread(-mean[channel] * inverse, shift, channel);
        }
        normalise(shape, x, y);
    }

    /** Sums {@link BatchNorms#moments} of all groups, and gives their pivots as a row. */
    private float[] addMoments(Shape shape, float[] x) {
        int length = shape.channels() * LANES;
        float[] pivot = factorRow(0, length)[0];
        for (int channel = 0; channel < shape.channels(); channel++) {
            BatchNorms.spread(x[channel * LANES], pivot, channel, LANES);
        }
        workers.forEachGroup(groups(), group -> {
            first[group] = Groups.atLeast(first[group], length);
            second[group] = Groups.atLeast(second[group], length);
            BatchNorms.moments(
                    x, group * Groups.size(shape), shape.pixels(), length, pivot, first[group], second[group]);
        });
        return pivot;
    }

    private double variance(int channel, double meanOverPivot, double count) {
        return Math.max(0, foldGroups(second, channel) / count - meanOverPivot * meanOverPivot);
    }

    /** y = x times the factor row 1 plus the factor row 2. */
    private void normalise(Shape shape, float[] x, float[] y) {
        int length = shape.channels() * LANES;
        float[][] scale = factorRow(1, length);
        float[][] shift = factorRow(2, length);
        workers.forEachGroup(groups(), group -> {
            int row = factorOf(group);
            BatchNorms.normalise(x, group * Groups.size(shape), shape.pixels(), length, scale[row], shift[row], y);
        });
    }

    @Override
    public void affineBatchNorm(Shape shape, float[] x, float[] scale, float[] shift, float[] y, float[] moments) {
        int channels = shape.channels();
        float[] pivot = addMoments(shape, x);
        double count = (double) images * shape.pixels();
        for (int channel = 0; channel < channels; channel++) {
            double meanOverPivot = foldGroups(first, channel) / count;
            double mean = meanOverPivot + pivot[channel * LANES];
            double inverse = 1 / Math.sqrt(variance(channel, meanOverPivot, count) + EPSILON);
            moments[channel] = (float) mean;
            moments[channels + channel] = (float) inverse;
            spreadAffine(channels, channel, mean, inverse, scale, shift);
        }
        normalise(shape, x, y);
    }

    @Override
    public void affineBatchNorm(Shape shape, float[] x, Norm<float[]> norm, float[] y, float[] moments) {
        affineBatchNorm(shape, x, norm.scale(), norm.shift(), y, moments);
        float[] pivot = factorRow(0, shape.channels() * LANES)[0]; // where the sums of the moments still start from
        double count = (double) images * shape.pixels();
        for (int channel = 0; channel < shape.channels(); channel++) {
            double meanOverPivot = foldGroups(first, channel) / count;
            double mean = meanOverPivot + pivot[channel * LANES];
            double ofSample = variance(channel, meanOverPivot, count) * count / Math.max(1, count - 1);
            norm.mean()[channel] += (float) (STATISTICS_MOMENTUM * (mean - norm.mean()[channel]));
            norm.variance()[channel] += (float) (STATISTICS_MOMENTUM * (ofSample - norm.variance()[channel]));
        }
    }

    @Override
    public void fixedBatchNorm(
            Shape shape, float[] x, double[] mean, double[] variance, float[] scale, float[] shift, float[] y) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            double inverse = 1 / Math.sqrt(variance[channel] + EPSILON);
            spreadAffine(shape.channels(), channel, mean[channel], inverse, scale, shift);
        }
        normalise(shape, x, y);
    }

    @Override
    public void runningBatchNorm(Shape shape, float[] x, Norm<float[]> norm, float[] y) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            double inverse = 1 / Math.sqrt(norm.variance()[channel] + EPSILON);
            spreadAffine(shape.channels(), channel, norm.mean()[channel], inverse, norm.scale(), norm.shift());
        }
        normalise(shape, x, y);
    }

    private void spreadAffine(int channels, int channel, double mean, double inverse, float[] scale, float[] shift) {
        double factor = scale[channel] * inverse;
        spread(factor, factorRow(1, channels * LANES), channel);
        spread(shift[channel] - mean * factor, factorRow(2, channels * LANES), channel);
    }

    @Override
    public void affineBatchNormGradient(
            Shape shape,
            float[] x,
            float[] moments,
            float[] scale,
            float[] dy,
            float[] dscale,
            float[] dshift,
            float[] dx,
            boolean add) {
        int channels = shape.channels();
        int length = channels * LANES;
        float[] mean = factorRow(3, length)[0];
        for (int channel = 0; channel < channels; channel++) {
            BatchNorms.spread(moments[channel], mean, channel, LANES);
        }
        workers.forEachGroup(groups(), group -> {
            first[group] = Groups.atLeast(first[group], length);
            second[group] = Groups.atLeast(second[group], length);
            BatchNorms.centredGradientMoments(
                    x, dy, group * Groups.size(shape), shape.pixels(), length, mean, first[group], second[group]);
        });
        double count = (double) images * shape.pixels();
        for (int channel = 0; channel < channels; channel++) {
            double inverse = moments[channels + channel];
            double ofShift = foldGroups(first, channel);
            double ofScale = foldGroups(second, channel) * inverse;
            dshift[channel] += (float) ofShift;
            dscale[channel] += (float) ofScale;
            double factor = scale[channel] * inverse;
            double slope = -factor * inverse * ofScale / count;
            spreadGradient(channels, channel, factor, slope, -factor * ofShift / count - slope * moments[channel]);
        }
        addNormGradient(shape, x, dy, dx, add);
    }

    @Override
    public void batchNormGradient(
            Shape shape, float[] y, float[] inverseDeviation, float[] dy, float[] dx, boolean add) {
        int channels = shape.channels();
        int length = channels * LANES;
        workers.forEachGroup(groups(), group -> {
            first[group] = Groups.atLeast(first[group], length);
            second[group] = Groups.atLeast(second[group], length);
            BatchNorms.gradientMoments(
                    y, dy, group * Groups.size(shape), shape.pixels(), length, first[group], second[group]);
        });
        double count = (double) images * shape.pixels();
        for (int channel = 0; channel < channels; channel++) {
            double inverse = inverseDeviation[channel];
            spreadGradient(
                    channels,
                    channel,
                    inverse,
                    -inverse * foldGroups(second, channel) / count,
                    -inverse * foldGroups(first, channel) / count);
        }
        addNormGradient(shape, y, dy, dx, add);
    }

    private void spreadGradient(int channels, int channel, double scale, double slope, double shift) {
        int length = channels * LANES;
        spread(scale, factorRow(0, length), channel);
        spread(slope, factorRow(1, length), channel);
        spread(shift, factorRow(2, length), channel);
    }

    /** {@link BatchNorms#gradient} with the first three factor rows. */
    private void addNormGradient(Shape shape, float[] of, float[] dy, float[] dx, boolean add) {
        int length = shape.channels() * LANES;
        float[][] scale = factorRow(0, length);
        float[][] slope = factorRow(1, length);
        float[][] shift = factorRow(2, length);
        workers.forEachGroup(groups(), group -> {
            int row = factorOf(group);
            BatchNorms.gradient(
                    of,
                    dy,
                    group * Groups.size(shape),
                    shape.pixels(),
                    length,
                    scale[row],
                    slope[row],
                    shift[row],
                    dx,
                    add);
        });
    }

    private double foldGroups(float[][] sums, int channel) {
        double total = 0;
        for (int group = 0; group < groups(); group++) {
            total += BatchNorms.fold(sums[group], channel, lanes(group));
        }
        return total;
    }

    /** A factor as rows: one for full groups, and one for the last group, where lanes without images stay zero. */
    private float[][] factorRow(int index, int length) {
        factors[index][0] = Groups.atLeast(factors[index][0], length);
        factors[index][1] = Groups.atLeast(factors[index][1], length);
        return factors[index];
    }

    private void spread(double value, float[][] rows, int channel) {
        BatchNorms.spread(value, rows[0], channel, LANES);
        BatchNorms.spread(value, rows[1], channel, lanes(groups() - 1));
    }

    private int factorOf(int group) {
        return group == groups() - 1 ? 1 : 0;
    }

    @Override
    public void relu(Shape shape, float[] x, float[] y) {
        int size = Groups.size(shape);
        workers.forEachGroup(groups(), group -> Elementwise.relu(x, y, group * size, size));
    }

    @Override
    public void reluGradient(Shape shape, float[] y, float[] dy, float[] dx, boolean add) {
        int size = Groups.size(shape);
        if (add) {
            workers.forEachGroup(groups(), group -> Elementwise.addReluGradient(y, dy, dx, group * size, size));
        } else {
            workers.forEachGroup(groups(), group -> Elementwise.reluGradient(y, dy, dx, group * size, size));
        }
    }

    @Override
    public void relu6(Shape shape, float[] x, float[] y) {
        int size = Groups.size(shape);
        workers.forEachGroup(groups(), group -> Elementwise.relu6(x, y, group * size, size));
    }

    @Override
    public void relu6Gradient(Shape shape, float[] y, float[] dy, float[] dx, boolean add) {
        int size = Groups.size(shape);
        if (add) {
            workers.forEachGroup(groups(), group -> Elementwise.addRelu6Gradient(y, dy, dx, group * size, size));
        } else {
            workers.forEachGroup(groups(), group -> Elementwise.relu6Gradient(y, dy, dx, group * size, size));
        }
    }

    @Override
    public void hardSigmoid(Shape shape, float[] x, float[] y) {
        int size = Groups.size(shape);
        workers.forEachGroup(groups(), group -> Elementwise.hardSigmoid(x, y, group * size, size));
    }

    @Override
    public void hardSigmoidGradient(Shape shape, float[] y, float[] dy, float[] dx, boolean add) {
        int size = Groups.size(shape);
        if (add) {
            workers.forEachGroup(groups(), group -> Elementwise.addHardSigmoidGradient(y, dy, dx, group * size, size));
        } else {
            workers.forEachGroup(groups(), group -> Elementwise.hardSigmoidGradient(y, dy, dx, group * size, size));
        }
    }

    @Override
    public void scaleChannels(Shape shape, float[] x, float[] factors, float[] y, boolean add) {
        workers.forEachGroup(groups(), group -> ChannelScaling.scale(shape, x, factors, y, add, group));
    }

    @Override
    public void channelFactorGradient(Shape shape, float[] x, float[] dy, float[] dfactors, boolean add) {
        workers.forEachGroup(groups(), group -> {
            first[group] = Groups.atLeast(first[group], shape.channels() * LANES);
            ChannelScaling.factorGradient(shape, x, dy, dfactors, add, first[group], group);
        });
    }

    @Override
    public void averagePool(Layer.AveragePool layer, Shape in, float[] x, float[] y) {
        Pooling pooling = new Pooling(layer, in, layer.output(in));
        workers.forEachGroup(groups(), group -> pooling.average(x, y, poolingRow(group, pooling), group));
    }

    @Override
    public void averagePoolGradient(Layer.AveragePool layer, Shape in, float[] dy, float[] dx, boolean add) {
        Pooling pooling = new Pooling(layer, in, layer.output(in));
        workers.forEachGroup(
                groups(), group -> pooling.averageGradient(dy, dx, add, poolingRow(group, pooling), group));
    }

    private float[] poolingRow(int group, Pooling pooling) {
        first[group] = Groups.atLeast(first[group], pooling.rowSize());
        return first[group];
    }

    @Override
    public void maxPool(Layer.MaxPool layer, Shape in, float[] x, float[] y) {
        MaxPooling pooling = new MaxPooling(layer, in);
        workers.forEachGroup(groups(), group -> pooling.largest(x, y, group));
    }

    @Override
    public void maxPoolGradient(
            Layer.MaxPool layer, Shape in, float[] x, float[] y, float[] dy, float[] dx, boolean add) {
        MaxPooling pooling = new MaxPooling(layer, in);
        workers.forEachGroup(groups(), group -> {
            first[group] = Groups.atLeast(first[group], pooling.scratchSize());
            pooling.gradient(x, y, dy, dx, add, first[group], group);
        });
    }

    @Override
    public void subsample(Layer.Subsample layer, Shape in, float[] x, float[] y) {
        workers.forEachGroup(groups(), group -> Pixels.subsample(layer, in, x, y, group));
    }

    @Override
    public void subsampleGradient(Layer.Subsample layer, Shape in, float[] dy, float[] dx, boolean add) {
        workers.forEachGroup(groups(), group -> Pixels.subsampleGradient(layer, in, dy, dx, add, group));
    }

    @Override
    public void concatenate(Shape each, List<float[]> inputs, float[] y) {
        workers.forEachGroup(groups(), group -> {
            for (int index = 0; index < inputs.size(); index++) {
                Pixels.concatenate(each, inputs.size(), index, inputs.get(index), y, group);
            }
        });
    }

    @Override
    public void concatenateGradient(Shape each, int inputs, int index, float[] dy, float[] dx, boolean add) {
        workers.forEachGroup(groups(), group -> Pixels.concatenateGradient(each, inputs, index, dy, dx, add, group));
    }

    @Override
    public void sum(Shape shape, List<float[]> inputs, float[] y) {
        int size = Groups.size(shape);
        workers.forEachGroup(groups(), group -> {
            int at = group * size;
            int summed = inputs.size() == 2 ? 2 : 3;
            if (summed == 2) {
                Elementwise.sum(inputs.get(0), inputs.get(1), y, at, size);
            } else {
                Elementwise.sum(inputs.get(0), inputs.get(1), inputs.get(2), y, at, size);
            }
            for (int i = summed; i < inputs.size(); i++) {
                Elementwise.sum(y, inputs.get(i), y, at, size);
            }
        });
    }

    @Override
    public void sumGradient(Shape shape, float[] dy, float[] dx, boolean add) {
        int size = Groups.size(shape);
        workers.forEachGroup(groups(), group -> {
            if (add) {
                Elementwise.sum(dx, dy, dx, group * size, size);
            } else {
                System.arraycopy(dy, group * size, dx, group * size, size);
            }
        });
    }

    @Override
    public void globalAveragePool(Shape in, float[] x, float[] y) {
        averagePool(wholeImage(in), in, x, y);
    }

    @Override
    public void globalAveragePoolGradient(Shape in, float[] dy, float[] dx, boolean add) {
        averagePoolGradient(wholeImage(in), in, dy, dx, add);
    }

    /** A window that reaches over any image from its first pixel. */
    private static Layer.AveragePool wholeImage(Shape in) {
        int side = Math.max(in.height(), in.width());
        return new Layer.AveragePool(side, side, 0);
    }

    @Override
    public void linear(Layer.Linear layer, float[] x, float[] weight, float[] bias, float[] y) {
        LinearProducts products = LinearProducts.ofOutputs(layer);
        workers.forEachGroup(groups(), group -> {
            for (int output = 0; output < layer.outputs(); output++) {
                BatchNorms.spread(bias[output], y, group * layer.outputs() + output, LANES);
            }
            products.add(x, weight, y, group);
        });
    }

    @Override
    public void linearWeightGradient(Layer.Linear layer, float[] x, float[] dy, float[] dweight, float[] dbias) {
        workers.forEachGroup(groups(), group -> {
            first[group] = Groups.atLeast(first[group], layer.inputs() * LANES);
            LinearProducts.turn(layer, x, first[group], group);
        });
        int chunks = (layer.outputs() + OUTPUTS_OF_A_TASK - 1) / OUTPUTS_OF_A_TASK;
        workers.forEachGroup(chunks, chunk -> {
            int end = Math.min(layer.outputs(), (chunk + 1) * OUTPUTS_OF_A_TASK);
            for (int output = chunk * OUTPUTS_OF_A_TASK; output < end; output++) {
                addLinearWeightGradient(layer, dy, dweight, dbias, output);
            }
        });
    }

    /** Of one output, after its layer's inputs have been turned. */
    private void addLinearWeightGradient(Layer.Linear layer, float[] dy, float[] dweight, float[] dbias, int output) {
        for (int group = 0; group < groups(); group++) {
            int dyAt = (group * layer.outputs() + output) * LANES;
            for (int lane = 0; lane < lanes(group); lane++) {
                dbias[output] += dy[dyAt + lane];
            }
            LinearProducts.addWeightGradient(layer, first[group], dy, dweight, output, group, lanes(group));
        }
    }

    @Override
    public void linearInputGradient(Layer.Linear layer, float[] weight, float[] dy, float[] dx, boolean add) {
        LinearProducts products = LinearProducts.ofInputs(layer);
        workers.forEachGroup(groups(), group -> {
            if (!add) {
                int size = layer.inputs() * LANES;
                Arrays.fill(dx, group * size, (group + 1) * size, 0);
            }
            products.add(dy, weight, dx, group);
        });
    }

    @Override
    public PendingEvaluation evaluate(int classes, float[] logits) {
        return evaluate(classes, logits, 0);
    }

    @Override
    public PendingEvaluation evaluate(int classes, float[] logits, double smoothing) {
        int correct = 0;
        double loss = 0;
        for (int image = 0; image < images; image++) {
            int at = image / LANES * classes * LANES + image % LANES;
            int best = 0;
            for (int c = 1; c < classes; c++) {
                if (logits[at + c * LANES] > logits[at + best * LANES]) {
                    best = c;
                }
            }
            correct += best == labels[image] ? 1 : 0;
            loss += logSumExp(classes, logits, at) - (1 - smoothing) * logits[at + labels[image] * LANES];
            if (smoothing > 0) {
                loss -= smoothing / classes * sum(classes, logits, at);
            }
        }
        return PendingEvaluation.of(new Evaluation(images, correct, loss));
    }

    @Override
    public void lossGradient(int classes, float[] logits, float scale, float[] dlogits) {
        lossGradient(classes, logits, 0, scale, dlogits);
    }

    @Override
    public void lossGradient(int classes, float[] logits, double smoothing, float scale, float[] dlogits) {
        double share = smoothing / classes;
        Arrays.fill(dlogits, 0, groups() * classes * LANES, 0);
        for (int image = 0; image < images; image++) {
            int at = image / LANES * classes * LANES + image % LANES;
            double logSum = logSumExp(classes, logits, at);
            for (int c = 0; c < classes; c++) {
                double probability = StrictMath.exp(logits[at + c * LANES] - logSum);
                double target = c == labels[image] ? 1 - smoothing + share : share;
                dlogits[at + c * LANES] = (float) (scale * (probability - target));
            }
        }
    }

    @Override
    public void softmax(int classes, float[] logits, float[] probabilities) {
        for (int image = 0; image < images; image++) {
            int at = image / LANES * classes * LANES + image % LANES;
            double logSum = logSumExp(classes, logits, at);
            for (int c = 0; c < classes; c++) {
                probabilities[at + c * LANES] = (float) StrictMath.exp(logits[at + c * LANES] - logSum);
            }
        }
    }

    @Override
    public void distillationGradient(
            int classes, float[] logits, float[] teacher, float labels, float imitation, float[] dlogits) {
        Arrays.fill(dlogits, 0, groups() * classes * LANES, 0);
        for (int image = 0; image < images; image++) {
            int at = image / LANES * classes * LANES + image % LANES;
            double logSum = logSumExp(classes, logits, at);
            for (int c = 0; c < classes; c++) {
                double probability = StrictMath.exp(logits[at + c * LANES] - logSum);
                dlogits[at + c * LANES] = (float) (labels * (probability - (c == this.labels[image] ? 1 : 0))
                        + imitation * (probability - teacher[at + c * LANES]));
            }
        }
    }

    @Override
    public void multiply(Shape shape, float[] x, float[] by) {
        for (int image = 0; image < images; image++) {
            int at = image / LANES * Groups.size(shape) + image % LANES;
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                    x[at + (pixel * shape.channels() + channel) * LANES] *=
                            by[image * shape.size() + channel * shape.pixels() + pixel];
                }
            }
        }
    }

    @Override
    public void multiplyImages(Shape shape, float[] x, float[] by, int at) {
        int size = Groups.size(shape);
        workers.forEachGroup(groups(), group -> {
            first[group] = Groups.atLeast(first[group], LANES);
            Arrays.fill(first[group], 0, LANES, 0); // as there is nothing in lanes without an image
            System.arraycopy(by, at + group * LANES, first[group], 0, lanes(group));
            Elementwise.multiplyRows(first[group], x, group * size, size);
        });
    }

    private static double sum(int classes, float[] logits, int at) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += logits[at + c * LANES];
        }
        return sum;
    }

    private static double logSumExp(int classes, float[] logits, int at) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            max = Math.max(max, logits[at + c * LANES]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += StrictMath.exp(logits[at + c * LANES] - max);
        }
        return max + StrictMath.log(sum);
    }

    @Override
    public void clear(Weight weight, float[] gradient) {
        Arrays.fill(gradient, 0);
    }

    @Override
    public void update(List<Trained<float[]>> weights, float learningRate, Optimizer optimizer) {
        float scale = optimizer.clipping(() ->
                weights.stream().mapToDouble(one -> squaredNorm(one.gradient())).sum());
        for (Trained<float[]> one : weights) {
            update(one.values(), one.gradient(), one.momentum(), scale, learningRate, optimizer);
        }
    }

    @Override
    public void clip(List<Trained<float[]>> weights, Optimizer optimizer) {
        float scale = optimizer.clipping(() ->
                weights.stream().mapToDouble(one -> squaredNorm(one.gradient())).sum());
        if (scale < 1) {
            weights.forEach(one -> scale(one.gradient(), scale));
        }
    }

    private static void scale(float[] gradient, float factor) {
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= factor;
        }
    }

    private static double squaredNorm(float[] gradient) {
        double sum = 0;
        for (float g : gradient) {
            sum += (double) g * g;
        }
        return sum;
    }

    private static void update(
            float[] values, float[] gradient, float[] momentum, float scale, float learningRate, Optimizer optimizer) {
        for (int i = 0; i < values.length; i++) {
            float g = scale * gradient[i] + optimizer.weightDecay() * values[i];
            momentum[i] = optimizer.momentum() * momentum[i] + g;
            values[i] -= learningRate * (g + optimizer.momentum() * momentum[i]);
        }
    }

    @Override
    public void average(float[] weight, float decay, float[] average) {
        for (int i = 0; i < weight.length; i++) {
            average[i] = decay * average[i] + (1 - decay) * weight[i];
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
