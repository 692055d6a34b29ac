package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import java.util.Arrays;
import java.util.List;

/**
 * The definitions of all kernels as plain loops in double precision: slow, and as obvious as can be. Feature maps are
 * {@code [image][channel][row][column]}, weights row-major in their shape.
 */
class ReferenceKernels implements Kernels<double[]> {

    static final Implementation<double[]> IMPLEMENTATION = new Implementation<>() {
        @Override
        public Kernels<double[]> kernels(int batch) {
            return new ReferenceKernels(batch);
        }
    };

    private interface Pixel {
        void visit(int image, int channel, int row, int column);
    }

    private final int batch;
    int images;
    private int[] labels = {};

    ReferenceKernels(int batch) {
        this.batch = batch;
    }

    private void forEach(Shape shape, Pixel pixel) {
        for (int image = 0; image < images; image++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int row = 0; row < shape.height(); row++) {
                    for (int column = 0; column < shape.width(); column++) {
                        pixel.visit(image, channel, row, column);
                    }
                }
            }
        }
    }

    private static int at(Shape shape, int image, int channel, int row, int column) {
        return ((image * shape.channels() + channel) * shape.height() + row) * shape.width() + column;
    }

    private static boolean inside(Shape shape, int row, int column) {
        return row >= 0 && row < shape.height() && column >= 0 && column < shape.width();
    }

    @Override
    public double[] featureMaps(Shape shape) {
        return new double[batch * shape.size()];
    }

    @Override
    public double[] channelValues(int channels) {
        return new double[channels];
    }

    @Override
    public double[] weight(Weight weight) {
        return new double[weight.size()];
    }

    @Override
    public void write(Weight weight, float[] values, double[] to) {
        for (int i = 0; i < values.length; i++) {
            to[i] = values[i];
        }
    }

    @Override
    public void read(Weight weight, double[] from, float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) from[i];
        }
    }

    @Override
    public void images(Batch given, double[] to) {
        images = given.size();
        labels = given.labels();
        for (int i = 0; i < given.images().length; i++) {
            to[i] = given.images()[i];
        }
    }

    @Override
    public void read(Shape shape, double[] from, float[] values) {
        for (int i = 0; i < images * shape.size(); i++) {
            values[i] = (float) from[i];
        }
    }

    @Override
    public void convolution(Layer.Convolution layer, Shape in, double[] x, double[] weight, double[] y) {
        Shape out = layer.output(List.of(in));
        Arrays.fill(y, 0, images * out.size(), 0);
        forEachProduct(layer, in, (ofX, ofWeight, ofY) -> y[ofY] += x[ofX] * weight[ofWeight]);
    }

    @Override
    public void convolutionGradient(
            Layer.Convolution layer,
            Shape in,
            double[] x,
            double[] weight,
            double[] dy,
            double[] dweight,
            double[] dx,
            boolean add) {
        if (dweight != null) {
            forEachProduct(layer, in, (ofX, ofWeight, ofY) -> dweight[ofWeight] += x[ofX] * dy[ofY]);
        }
        if (dx != null) {
            clearUnless(add, in, dx);
            forEachProduct(layer, in, (ofX, ofWeight, ofY) -> dx[ofX] += weight[ofWeight] * dy[ofY]);
        }
    }

    @Override
    public void depthwise(Layer.Depthwise layer, Shape in, double[] x, double[] weight, double[] y) {
        Arrays.fill(y, 0, images * layer.output(in).size(), 0);
        forEachProduct(layer, in, (ofX, ofWeight, ofY) -> y[ofY] += x[ofX] * weight[ofWeight]);
    }

    @Override
    public void depthwiseGradient(
            Layer.Depthwise layer,
            Shape in,
            double[] x,
            double[] weight,
            double[] dy,
            double[] dweight,
            double[] dx,
            boolean add) {
        if (dweight != null) {
            forEachProduct(layer, in, (ofX, ofWeight, ofY) -> dweight[ofWeight] += x[ofX] * dy[ofY]);
        }
        if (dx != null) {
            clearUnless(add, in, dx);
            forEachProduct(layer, in, (ofX, ofWeight, ofY) -> dx[ofX] += weight[ofWeight] * dy[ofY]);
        }
    }

    private void forEachProduct(Layer.Depthwise layer, Shape in, Product product) {
        Shape out = layer.output(in);
        int kernel = layer.kernel();
        forEach(out, (image, channel, row, column) -> {
            for (int i = 0; i < kernel; i++) {
                for (int j = 0; j < kernel; j++) {
                    int fromRow = row * layer.stride() + i * layer.dilation() - layer.padding();
                    int fromColumn = column * layer.stride() + j * layer.dilation() - layer.padding();
                    if (inside(in, fromRow, fromColumn)) {
                        product.visit(
                                at(in, image, channel, fromRow, fromColumn),
                                (channel * kernel + i) * kernel + j,
                                at(out, image, channel, row, column));
                    }
                }
            }
        });
    }

    private interface Product {
        void visit(int ofX, int ofWeight, int ofY);
    }

    /** Visits the indices of each product x weight that is a term of a y. */
    private void forEachProduct(Layer.Convolution layer, Shape in, Product product) {
        Shape out = layer.output(List.of(in));
        int kernel = layer.kernel();
        forEach(out, (image, output, row, column) -> {
            for (int input = 0; input < layer.inputs(); input++) {
                for (int i = 0; i < kernel; i++) {
                    for (int j = 0; j < kernel; j++) {
                        int fromRow = row * layer.stride() + i - layer.padding();
                        int fromColumn = column * layer.stride() + j - layer.padding();
                        if (inside(in, fromRow, fromColumn)) {
                            product.visit(
                                    at(in, image, input, fromRow, fromColumn),
                                    ((output * layer.inputs() + input) * kernel + i) * kernel + j,
                                    at(out, image, output, row, column));
                        }
                    }
                }
            }
        });
    }

    private void clearUnless(boolean add, Shape shape, double[] dx) {
        if (!add) {
            Arrays.fill(dx, 0, images * shape.size(), 0);
        }
    }

    /** The mean over all images and pixels of each channel of the products of two feature maps. */
    private double[] channelMeans(Shape shape, double[] a, double[] b) {
        double[] means = new double[shape.channels()];
        double count = (double) images * shape.pixels();
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            means[channel] += a[i] * b[i] / count;
        });
        return means;
    }

    private double[] ones(Shape shape) {
        double[] ones = new double[images * shape.size()];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Override
    public void batchNorm(Shape shape, double[] x, double[] y, double[] inverseDeviation) {
        double[] mean = channelMeans(shape, x, ones(shape));
        double[] centred = new double[images * shape.size()];
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            centred[i] = x[i] - mean[channel];
        });
        double[] variance = channelMeans(shape, centred, centred);
        for (int channel = 0; channel < shape.channels(); channel++) {
            inverseDeviation[channel] = 1 / Math.sqrt(variance[channel] + 1e-5);
        }
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            y[i] = centred[i] * inverseDeviation[channel];
        });
    }

    @Override
    public void moments(Shape shape, double[] x, double[] mean, double[] variance) {
        double[] squares = new double[shape.channels()];
        double count = (double) images * shape.pixels();
        forEach(
                shape,
                (image, channel, row, column) -> mean[channel] += x[at(shape, image, channel, row, column)] / count);
        forEach(shape, (image, channel, row, column) -> {
            double far = x[at(shape, image, channel, row, column)] - mean[channel];
            squares[channel] += far * far;
        });
        for (int channel = 0; channel < shape.channels(); channel++) {
            variance[channel] = count > 1 ? squares[channel] / (count - 1) : 0;
        }
    }

    @Override
    public void fixedBatchNorm(Shape shape, double[] x, double[] mean, double[] variance, double[] y) {
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            y[i] = (x[i] - mean[channel]) / Math.sqrt(variance[channel] + 1e-5);
        });
    }

    @Override
    public void batchNormGradient(
            Shape shape, double[] y, double[] inverseDeviation, double[] dy, double[] dx, boolean add) {
        double[] meanDy = channelMeans(shape, dy, ones(shape));
        double[] meanDyY = channelMeans(shape, dy, y);
        clearUnless(add, shape, dx);
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            dx[i] += inverseDeviation[channel] * (dy[i] - meanDy[channel] - y[i] * meanDyY[channel]);
        });
    }

    private void affine(Shape shape, double[] scale, double[] shift, double[] y) {
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            y[i] = y[i] * scale[channel] + shift[channel];
        });
    }

    @Override
    public void affineBatchNorm(
            Shape shape, double[] x, double[] scale, double[] shift, double[] y, double[] inverseDeviation) {
        batchNorm(shape, x, y, inverseDeviation);
        affine(shape, scale, shift, y);
    }

    /** The norm is computed anew. */
    @Override
    public void affineBatchNormGradient(
            Shape shape,
            double[] x,
            double[] inverseDeviation,
            double[] scale,
            double[] dy,
            double[] dscale,
            double[] dshift,
            double[] dx,
            boolean add) {
        double[] normalised = new double[images * shape.size()];
        batchNorm(shape, x, normalised, inverseDeviation);
        double[] dnormalised = new double[images * shape.size()];
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            dscale[channel] += dy[i] * normalised[i];
            dshift[channel] += dy[i];
            dnormalised[i] = dy[i] * scale[channel];
        });
        batchNormGradient(shape, normalised, inverseDeviation, dnormalised, dx, add);
    }

    @Override
    public void fixedBatchNorm(
            Shape shape, double[] x, double[] mean, double[] variance, double[] scale, double[] shift, double[] y) {
        fixedBatchNorm(shape, x, mean, variance, y);
        affine(shape, scale, shift, y);
    }

    @Override
    public void relu(Shape shape, double[] x, double[] y) {
        for (int i = 0; i < images * shape.size(); i++) {
            y[i] = Math.max(x[i], 0);
        }
    }

    @Override
    public void reluGradient(Shape shape, double[] y, double[] dy, double[] dx, boolean add) {
        clearUnless(add, shape, dx);
        for (int i = 0; i < images * shape.size(); i++) {
            dx[i] += y[i] > 0 ? dy[i] : 0;
        }
    }

    @Override
    public void relu6(Shape shape, double[] x, double[] y) {
        for (int i = 0; i < images * shape.size(); i++) {
            y[i] = Math.min(Math.max(x[i], 0), 6);
        }
    }

    @Override
    public void relu6Gradient(Shape shape, double[] y, double[] dy, double[] dx, boolean add) {
        clearUnless(add, shape, dx);
        for (int i = 0; i < images * shape.size(); i++) {
            dx[i] += y[i] > 0 && y[i] < 6 ? dy[i] : 0;
        }
    }

    @Override
    public void hardSigmoid(Shape shape, double[] x, double[] y) {
        for (int i = 0; i < images * shape.size(); i++) {
            y[i] = Math.min(Math.max(x[i] + 3, 0), 6) / 6;
        }
    }

    @Override
    public void hardSigmoidGradient(Shape shape, double[] y, double[] dy, double[] dx, boolean add) {
        clearUnless(add, shape, dx);
        for (int i = 0; i < images * shape.size(); i++) {
            dx[i] += y[i] > 0 && y[i] < 1 ? dy[i] / 6 : 0;
        }
    }

    @Override
    public void scaleChannels(Shape shape, double[] x, double[] factors, double[] y, boolean add) {
        clearUnless(add, shape, y);
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            y[i] += factors[image * shape.channels() + channel] * x[i];
        });
    }

    @Override
    public void channelFactorGradient(Shape shape, double[] x, double[] dy, double[] dfactors, boolean add) {
        clearUnless(add, new Shape(shape.channels(), 1, 1), dfactors);
        forEach(shape, (image, channel, row, column) -> {
            int i = at(shape, image, channel, row, column);
            dfactors[image * shape.channels() + channel] += x[i] * dy[i];
        });
    }

    @Override
    public void averagePool(Layer.AveragePool layer, Shape in, double[] x, double[] y) {
        Shape out = layer.output(List.of(in));
        Arrays.fill(y, 0, images * out.size(), 0);
        forEachShare(layer, in, (from, to, share) -> y[to] += share * x[from]);
    }

    @Override
    public void averagePoolGradient(Layer.AveragePool layer, Shape in, double[] dy, double[] dx, boolean add) {
        clearUnless(add, in, dx);
        forEachShare(layer, in, (from, to, share) -> dx[from] += share * dy[to]);
    }

    private interface Share {
        void visit(int from, int to, double share);
    }

    /** Visits what each input pixel is a part of, and how large a part. */
    private void forEachShare(Layer.AveragePool layer, Shape in, Share share) {
        Shape out = layer.output(List.of(in));
        forEach(out, (image, channel, row, column) -> {
            int top = row * layer.stride() - layer.padding();
            int left = column * layer.stride() - layer.padding();
            int counted = 0;
            for (int i = top; i < top + layer.kernel(); i++) {
                for (int j = left; j < left + layer.kernel(); j++) {
                    counted += inside(in, i, j) ? 1 : 0;
                }
            }
            for (int i = top; i < top + layer.kernel(); i++) {
                for (int j = left; j < left + layer.kernel(); j++) {
                    if (inside(in, i, j)) {
                        share.visit(at(in, image, channel, i, j), at(out, image, channel, row, column), 1.0 / counted);
                    }
                }
            }
        });
    }

    @Override
    public void maxPool(Layer.MaxPool layer, Shape in, double[] x, double[] y) {
        forEachLargest(layer, in, x, (from, to) -> y[to] = x[from]);
    }

    @Override
    public void maxPoolGradient(
            Layer.MaxPool layer, Shape in, double[] x, double[] y, double[] dy, double[] dx, boolean add) {
        clearUnless(add, in, dx);
        forEachLargest(layer, in, x, (from, to) -> dx[from] += dy[to]);
    }

    private interface Move {
        void visit(int from, int to);
    }

    private void forEachLargest(Layer.MaxPool layer, Shape in, double[] x, Move move) {
        Shape out = layer.output(in);
        forEach(out, (image, channel, row, column) -> {
            int largest = -1;
            for (int i = 0; i < layer.kernel() * layer.kernel(); i++) {
                int fromRow = row * layer.stride() - layer.padding() + i / layer.kernel();
                int fromColumn = column * layer.stride() - layer.padding() + i % layer.kernel();
                if (inside(in, fromRow, fromColumn)) {
                    int from = at(in, image, channel, fromRow, fromColumn);
                    largest = largest < 0 || x[from] > x[largest] ? from : largest;
                }
            }
            move.visit(largest, at(out, image, channel, row, column));
        });
    }

    @Override
    public void subsample(Layer.Subsample layer, Shape in, double[] x, double[] y) {
        forEachKept(layer, in, (from, to) -> y[to] = x[from]);
    }

    @Override
    public void subsampleGradient(Layer.Subsample layer, Shape in, double[] dy, double[] dx, boolean add) {
        clearUnless(add, in, dx);
        forEachKept(layer, in, (from, to) -> dx[from] += dy[to]);
    }

    private void forEachKept(Layer.Subsample layer, Shape in, Move move) {
        Shape out = layer.output(in);
        forEach(in, (image, channel, row, column) -> {
            int down = row - layer.first();
            int right = column - layer.first();
            if (down >= 0 && right >= 0 && down % layer.stride() == 0 && right % layer.stride() == 0) {
                move.visit(
                        at(in, image, channel, row, column),
                        at(out, image, channel, down / layer.stride(), right / layer.stride()));
            }
        });
    }

    @Override
    public void concatenate(Shape each, List<double[]> inputs, double[] y) {
        for (int index = 0; index < inputs.size(); index++) {
            double[] x = inputs.get(index);
            forEachOfPart(each, inputs.size(), index, (from, to) -> y[to] = x[from]);
        }
    }

    @Override
    public void concatenateGradient(Shape each, int inputs, int index, double[] dy, double[] dx, boolean add) {
        clearUnless(add, each, dx);
        forEachOfPart(each, inputs, index, (from, to) -> dx[from] += dy[to]);
    }

    private void forEachOfPart(Shape each, int inputs, int index, Move move) {
        Shape whole = new Shape(inputs * each.channels(), each.height(), each.width());
        forEach(
                each,
                (image, channel, row, column) -> move.visit(
                        at(each, image, channel, row, column),
                        at(whole, image, index * each.channels() + channel, row, column)));
    }

    @Override
    public void sum(Shape shape, List<double[]> inputs, double[] y) {
        for (int i = 0; i < images * shape.size(); i++) {
            int index = i;
            y[i] = inputs.stream().mapToDouble(input -> input[index]).sum();
        }
    }

    @Override
    public void sumGradient(Shape shape, double[] dy, double[] dx, boolean add) {
        clearUnless(add, shape, dx);
        for (int i = 0; i < images * shape.size(); i++) {
            dx[i] += dy[i];
        }
    }

    @Override
    public void globalAveragePool(Shape in, double[] x, double[] y) {
        Arrays.fill(y, 0, images * in.channels(), 0);
        forEach(
                in,
                (image, channel, row, column) ->
                        y[image * in.channels() + channel] += x[at(in, image, channel, row, column)] / in.pixels());
    }

    @Override
    public void globalAveragePoolGradient(Shape in, double[] dy, double[] dx, boolean add) {
        clearUnless(add, in, dx);
        forEach(
                in,
                (image, channel, row, column) ->
                        dx[at(in, image, channel, row, column)] += dy[image * in.channels() + channel] / in.pixels());
    }

    @Override
    public void linear(Layer.Linear layer, double[] x, double[] weight, double[] bias, double[] y) {
        for (int image = 0; image < images; image++) {
            for (int output = 0; output < layer.outputs(); output++) {
                double sum = bias[output];
                for (int input = 0; input < layer.inputs(); input++) {
                    sum += weight[output * layer.inputs() + input] * x[image * layer.inputs() + input];
                }
                y[image * layer.outputs() + output] = sum;
            }
        }
    }

    @Override
    public void linearWeightGradient(Layer.Linear layer, double[] x, double[] dy, double[] dweight, double[] dbias) {
        for (int image = 0; image < images; image++) {
            for (int output = 0; output < layer.outputs(); output++) {
                double gradient = dy[image * layer.outputs() + output];
                dbias[output] += gradient;
                for (int input = 0; input < layer.inputs(); input++) {
                    dweight[output * layer.inputs() + input] += gradient * x[image * layer.inputs() + input];
                }
            }
        }
    }

    @Override
    public void linearInputGradient(Layer.Linear layer, double[] weight, double[] dy, double[] dx, boolean add) {
        clearUnless(add, new Shape(layer.inputs(), 1, 1), dx);
        for (int image = 0; image < images; image++) {
            for (int output = 0; output < layer.outputs(); output++) {
                for (int input = 0; input < layer.inputs(); input++) {
                    dx[image * layer.inputs() + input] +=
                            weight[output * layer.inputs() + input] * dy[image * layer.outputs() + output];
                }
            }
        }
    }

    @Override
    public PendingEvaluation evaluate(int classes, double[] logits) {
        int correct = 0;
        double loss = 0;
        for (int image = 0; image < images; image++) {
            double[] own = Arrays.copyOfRange(logits, image * classes, (image + 1) * classes);
            double largest = Arrays.stream(own).max().orElseThrow();
            int answer = 0;
            while (own[answer] < largest) {
                answer++;
            }
            correct += answer == labels[image] ? 1 : 0;
            loss -= Math.log(softmax(own)[labels[image]]);
        }
        return PendingEvaluation.of(new Evaluation(images, correct, loss));
    }

    @Override
    public void lossGradient(int classes, double[] logits, float scale, double[] dlogits) {
        for (int image = 0; image < images; image++) {
            double[] probabilities = softmax(Arrays.copyOfRange(logits, image * classes, (image + 1) * classes));
            for (int i = 0; i < classes; i++) {
                dlogits[image * classes + i] = scale * (probabilities[i] - (i == labels[image] ? 1 : 0));
            }
        }
    }

    @Override
    public void softmax(int classes, double[] logits, double[] probabilities) {
        for (int image = 0; image < images; image++) {
            double[] own = softmax(Arrays.copyOfRange(logits, image * classes, (image + 1) * classes));
            System.arraycopy(own, 0, probabilities, image * classes, classes);
        }
    }

    @Override
    public void distillationGradient(
            int classes, double[] logits, double[] teacher, float ofLabels, float imitation, double[] dlogits) {
        lossGradient(classes, logits, ofLabels, dlogits);
        double[] own = new double[logits.length];
        softmax(classes, logits, own);
        for (int i = 0; i < images * classes; i++) {
            dlogits[i] += imitation * (own[i] - teacher[i]);
        }
    }

    private static double[] softmax(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum =
                Arrays.stream(logits).map(logit -> Math.exp(logit - largest)).sum();
        return Arrays.stream(logits)
                .map(logit -> Math.exp(logit - largest) / sum)
                .toArray();
    }

    @Override
    public void average(double[] weight, float decay, double[] average) {
        for (int i = 0; i < weight.length; i++) {
            average[i] += (1 - decay) * (weight[i] - average[i]);
        }
    }

    @Override
    public void clear(Weight weight, double[] gradient) {
        Arrays.fill(gradient, 0);
    }

    @Override
    public void update(List<Trained<double[]>> weights, float learningRate, Optimizer optimizer) {
        double norm = Math.sqrt(weights.stream()
                .flatMapToDouble(one -> Arrays.stream(one.gradient()))
                .map(value -> value * value)
                .sum());
        double clip = optimizer.gradientClip();
        double scale = clip > 0 && norm > clip ? clip / norm : 1;
        for (Trained<double[]> one : weights) {
            for (int i = 0; i < one.weight().size(); i++) {
                double g = scale * one.gradient()[i] + optimizer.weightDecay() * one.values()[i];
                one.momentum()[i] = optimizer.momentum() * one.momentum()[i] + g;
                one.values()[i] -= learningRate * (g + optimizer.momentum() * one.momentum()[i]);
            }
        }
    }

    @Override
    public void close() {}
}
