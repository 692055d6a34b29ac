package io.efsnas.measure.zerocost;

import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.SupernetState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sum over all weights but biases of |θ ∂R/∂θ|, see {@link SynFlow}. All values are at least 0, so that the sum is how R
 * changes if all these weights grow by the same small share. That change is carried forward with the values themselves, and
 * no gradient goes back.
 */
final class SynapticFlow implements Layer.Visitor<SynapticFlow.Flow> {

    /**
     * Feature maps of one image.
     *
     * @param values {@code [channel][row][column]}
     * @param change the derivative of the values by the share that all weights grow by
     */
    record Flow(double[] values, double[] change) {

        /** The change after a further weight, before it is multiplied by the weight. */
        double[] changeWithWeight() {
            double[] sum = values.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += change[i];
            }
            return sum;
        }
    }

    private final Network network;
    private final SupernetState weights;
    private final List<Flow> flows = new ArrayList<>();

    /** The one that is being computed. */
    private Node node;

    private SynapticFlow(Network network, SupernetState weights) {
        this.network = network;
        this.weights = weights;
    }

    static double of(Network network, SupernetState weights) {
        SynapticFlow flow = new SynapticFlow(network, weights);
        for (Node node : network.nodes()) {
            flow.node = node;
            flow.flows.add(node.layer().accept(flow));
        }
        return Arrays.stream(flow.flows.get(flow.flows.size() - 1).change()).sum();
    }

    private Flow in() {
        return flows.get(node.inputs().get(0));
    }

    private Shape shapeIn() {
        return network.nodes().get(node.inputs().get(0)).shape();
    }

    /** The absolute values of a layer's weight. */
    private double[] factors(Layer layer) {
        Weight weight = layer.weights().get(0);
        double[] factors = new double[weight.size()];
        float[] values = weights.values(weight);
        Arrays.setAll(factors, i -> Math.abs(values[i]));
        return factors;
    }

    @Override
    public Flow input(Layer.Input layer) {
        double[] ones = new double[layer.shape().size()];
        Arrays.fill(ones, 1);
        return new Flow(ones, new double[ones.length]);
    }

    @Override
    public Flow convolution(Layer.Convolution layer) {
        double[] factors = factors(layer);
        return new Flow(convolved(layer, factors, in().values()), convolved(layer, factors, in().changeWithWeight()));
    }

    private double[] convolved(Layer.Convolution layer, double[] factors, double[] x) {
        double[] y = new double[node.shape().size()];
        int taps = layer.kernel() * layer.kernel();
        for (int factor = 0; factor < factors.length; factor++) {
            Tap tap = new Tap(factors[factor], factor % taps, layer.kernel(), layer.stride(), 1);
            addTap(tap, x, factor / taps % layer.inputs(), y, factor / taps / layer.inputs());
        }
        return y;
    }

    @Override
    public Flow depthwise(Layer.Depthwise layer) {
        double[] factors = factors(layer);
        return new Flow(filtered(layer, factors, in().values()), filtered(layer, factors, in().changeWithWeight()));
    }

    private double[] filtered(Layer.Depthwise layer, double[] factors, double[] x) {
        double[] y = new double[node.shape().size()];
        int taps = layer.kernel() * layer.kernel();
        for (int factor = 0; factor < factors.length; factor++) {
            Tap tap = new Tap(factors[factor], factor % taps, layer.kernel(), layer.stride(), layer.dilation());
            addTap(tap, x, factor / taps, y, factor / taps);
        }
        return y;
    }

    /**
     * One factor of a square kernel.
     *
     * @param place where it is in the kernel, row by row
     */
    private record Tap(double factor, int place, int kernel, int stride, int dilation) {

        int down() {
            return (place / kernel - kernel / 2) * dilation;
        }

        int right() {
            return (place % kernel - kernel / 2) * dilation;
        }
    }

    /** Adds what one factor makes of one channel to another one. */
    private void addTap(Tap tap, double[] x, int input, double[] y, int output) {
        Shape in = shapeIn();
        Shape out = node.shape();
        int stride = tap.stride();
        int right = tap.right();
        int first = (Math.max(0, -right) + stride - 1) / stride;
        int end = Math.min(out.width(), Math.floorDiv(in.width() - 1 - right, stride) + 1);
        for (int row = 0; row < out.height(); row++) {
            int fromRow = row * stride + tap.down();
            if (fromRow >= 0 && fromRow < in.height()) {
                int from = (input * in.height() + fromRow) * in.width() + right;
                int to = (output * out.height() + row) * out.width();
                if (stride == 1) { // in a loop of its own, which the JVM makes vector instructions of
                    addScaled(tap.factor(), x, from + first, y, to + first, end - first);
                } else {
                    for (int column = first; column < end; column++) {
                        y[to + column] += tap.factor() * x[from + column * stride];
                    }
                }
            }
        }
    }

    private static void addScaled(double factor, double[] x, int from, double[] y, int to, int count) {
        for (int i = 0; i < count; i++) {
            y[to + i] += factor * x[from + i];
        }
    }

    @Override
    public Flow batchNorm(Layer.BatchNorm layer) {
        return in();
    }

    @Override
    public Flow relu(Layer.Relu layer) {
        return in(); // no value is below 0
    }

    /** Without its ceiling: how large values are means nothing where all weights are positive and nothing normalises. */
    @Override
    public Flow relu6(Layer.Relu6 layer) {
        return in();
    }

    /**
     * At its ceiling, where it does not change: how far sums of positive values reach means nothing where nothing normalises
     * them, and a gate that follows them would only multiply what passes it by that.
     */
    @Override
    public Flow hardSigmoid(Layer.HardSigmoid layer) {
        double[] ones = new double[node.shape().size()];
        Arrays.fill(ones, 1);
        return new Flow(ones, new double[ones.length]);
    }

    @Override
    public Flow channelScale(Layer.ChannelScale layer) {
        Flow factors = flows.get(node.inputs().get(1));
        int pixels = node.shape().pixels();
        double[] values = new double[node.shape().size()];
        double[] change = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double factor = factors.values()[i / pixels];
            values[i] = factor * in().values()[i];
            change[i] = factor * in().change()[i] + factors.change()[i / pixels] * in().values()[i];
        }
        return new Flow(values, change);
    }

    @Override
    public Flow averagePool(Layer.AveragePool layer) {
        return new Flow(pooled(layer, in().values()), pooled(layer, in().change()));
    }

    /** The change is that of the largest value, of several ones of the first. */
    @Override
    public Flow maxPool(Layer.MaxPool layer) {
        int[] largest = largest(layer, in().values());
        return new Flow(picked(largest, in().values()), picked(largest, in().change()));
    }

    private int[] largest(Layer.MaxPool layer, double[] x) {
        Shape in = shapeIn();
        Shape out = node.shape();
        int[] largest = new int[out.size()];
        for (int i = 0; i < largest.length; i++) {
            int channel = i / out.pixels();
            int top = i % out.pixels() / out.width() * layer.stride() - layer.padding();
            int left = i % out.width() * layer.stride() - layer.padding();
            largest[i] = -1;
            for (int row = Math.max(0, top); row < Math.min(in.height(), top + layer.kernel()); row++) {
                for (int column = Math.max(0, left); column < Math.min(in.width(), left + layer.kernel()); column++) {
                    int at = (channel * in.height() + row) * in.width() + column;
                    largest[i] = largest[i] < 0 || x[at] > x[largest[i]] ? at : largest[i];
                }
            }
        }
        return largest;
    }

    private static double[] picked(int[] places, double[] x) {
        return Arrays.stream(places).mapToDouble(place -> x[place]).toArray();
    }

    @Override
    public Flow subsample(Layer.Subsample layer) {
        int[] kept = largest(new Layer.MaxPool(1, layer.stride(), -layer.first()), in().values());
        return new Flow(picked(kept, in().values()), picked(kept, in().change()));
    }

    private double[] pooled(Layer.AveragePool layer, double[] x) {
        Shape in = shapeIn();
        Shape out = node.shape();
        double[] y = new double[out.size()];
        for (int i = 0; i < y.length; i++) {
            int channel = i / out.pixels();
            int top = i % out.pixels() / out.width() * layer.stride() - layer.padding();
            int left = i % out.width() * layer.stride() - layer.padding();
            int count = 0;
            for (int row = Math.max(0, top); row < Math.min(in.height(), top + layer.kernel()); row++) {
                for (int column = Math.max(0, left); column < Math.min(in.width(), left + layer.kernel()); column++) {
                    y[i] += x[(channel * in.height() + row) * in.width() + column];
                    count++;
                }
            }
            y[i] /= count;
        }
        return y;
    }

    @Override
    public Flow sum(Layer.Sum layer) {
        Flow sum = new Flow(
                new double[node.shape().size()], new double[node.shape().size()]);
        for (int term : node.inputs()) {
            add(flows.get(term).values(), sum.values());
            add(flows.get(term).change(), sum.change());
        }
        return sum;
    }

    @Override
    public Flow concatenation(Layer.Concatenation layer) {
        int each = node.shape().size() / node.inputs().size();
        Flow all = new Flow(
                new double[node.shape().size()], new double[node.shape().size()]);
        for (int index = 0; index < node.inputs().size(); index++) {
            Flow input = flows.get(node.inputs().get(index));
            System.arraycopy(input.values(), 0, all.values(), index * each, each);
            System.arraycopy(input.change(), 0, all.change(), index * each, each);
        }
        return all;
    }

    private static void add(double[] term, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += term[i];
        }
    }

    @Override
    public Flow globalAveragePool(Layer.GlobalAveragePool layer) {
        return new Flow(means(in().values()), means(in().change()));
    }

    private double[] means(double[] x) {
        int pixels = shapeIn().pixels();
        double[] means = new double[node.shape().channels()];
        for (int i = 0; i < x.length; i++) {
            means[i / pixels] += x[i] / pixels;
        }
        return means;
    }

    @Override
    public Flow linear(Layer.Linear layer) {
        double[] factors = factors(layer);
        return new Flow(weighted(layer, factors, in().values()), weighted(layer, factors, in().changeWithWeight()));
    }

    /** Without the biases, which change with no weight. */
    private static double[] weighted(Layer.Linear layer, double[] factors, double[] x) {
        double[] y = new double[layer.outputs()];
        for (int i = 0; i < factors.length; i++) {
            y[i / layer.inputs()] += factors[i] * x[i % layer.inputs()];
        }
        return y;
    }
}
