package io.efsnas.supernet.vector;

import static io.efsnas.supernet.vector.Groups.LANES;
import static io.efsnas.supernet.vector.Groups.SPECIES;
import static io.efsnas.supernet.vector.Groups.VECTOR;

import io.efsnas.network.Layer.Linear;
import jdk.incubator.vector.FloatVector;

/**
 * The sums of a linear layer for one group of images. Four of them run side by side, and each adds its products one after
 * the other as a plain loop does. So its bits depend neither on the others nor on the vectors.
 *
 * @param sums how many there are: a layer's outputs, or its inputs where gradients go back
 * @param sumStride from a weight of one sum to that of the next
 * @param terms how many products a sum has
 * @param termStride from a weight of one product to that of the next
 */
record LinearProducts(int sums, int sumStride, int terms, int termStride) {

    private static final int TOGETHER = 4;

    /** Those that make outputs of inputs. */
    static LinearProducts ofOutputs(Linear layer) {
        return new LinearProducts(layer.outputs(), layer.inputs(), layer.inputs(), 1);
    }

    /** Those that make gradients of inputs of gradients of outputs. */
    static LinearProducts ofInputs(Linear layer) {
        return new LinearProducts(layer.inputs(), 1, layer.outputs(), layer.inputs());
    }

    /** Adds the products to what is in {@code to}. */
    void add(float[] from, float[] weight, float[] to, int group) {
        for (int lane = 0; lane < LANES; lane += VECTOR) {
            int fromAt = group * terms * LANES + lane;
            int toAt = group * sums * LANES + lane;
            int sum = 0;
            for (; sum + TOGETHER <= sums; sum += TOGETHER) {
                addFour(from, fromAt, weight, sum * sumStride, to, toAt + sum * LANES);
            }
            for (; sum < sums; sum++) {
                addOne(from, fromAt, weight, sum * sumStride, to, toAt + sum * LANES);
            }
        }
    }

    private void addFour(float[] from, int fromAt, float[] weight, int weightAt, float[] to, int toAt) {
        FloatVector a = load(to, toAt);
        FloatVector b = load(to, toAt + LANES);
        FloatVector c = load(to, toAt + 2 * LANES);
        FloatVector d = load(to, toAt + 3 * LANES);
        for (int term = 0; term < terms; term++) {
            FloatVector value = load(from, fromAt + term * LANES);
            int at = weightAt + term * termStride;
            a = value.mul(weight[at]).add(a);
            b = value.mul(weight[at + sumStride]).add(b);
            c = value.mul(weight[at + 2 * sumStride]).add(c);
            d = value.mul(weight[at + 3 * sumStride]).add(d);
        }
        a.intoArray(to, toAt);
        b.intoArray(to, toAt + LANES);
        c.intoArray(to, toAt + 2 * LANES);
        d.intoArray(to, toAt + 3 * LANES);
    }

    private void addOne(float[] from, int fromAt, float[] weight, int weightAt, float[] to, int toAt) {
        FloatVector sum = load(to, toAt);
        for (int term = 0; term < terms; term++) {
            sum = load(from, fromAt + term * LANES)
                    .mul(weight[weightAt + term * termStride])
                    .add(sum);
        }
        sum.intoArray(to, toAt);
    }

    /** Inputs of one group as {@code [image][input]}, so that the sums over images of neighbouring inputs are a vector. */
    static void turn(Linear layer, float[] x, float[] turned, int group) {
        int at = group * layer.inputs() * LANES;
        for (int input = 0; input < layer.inputs(); input++) {
            for (int lane = 0; lane < LANES; lane++) {
                turned[lane * layer.inputs() + input] = x[at++];
            }
        }
    }

    /**
     * Adds the gradients of one output's weights from the images of one group.
     *
     * @param turned the inputs after {@link #turn}
     * @param images how many images the group has
     */
    static void addWeightGradient(
            Linear layer, float[] turned, float[] dy, float[] dweight, int output, int group, int images) {
        int inputs = layer.inputs();
        int dyAt = (group * layer.outputs() + output) * LANES;
        int to = output * inputs;
        int input = 0;
        for (; input + TOGETHER * VECTOR <= inputs; input += TOGETHER * VECTOR) {
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int image = 0; image < images; image++) {
                int at = image * inputs + input;
                float factor = dy[dyAt + image];
                a = load(turned, at).mul(factor).add(a);
                b = load(turned, at + VECTOR).mul(factor).add(b);
                c = load(turned, at + 2 * VECTOR).mul(factor).add(c);
                d = load(turned, at + 3 * VECTOR).mul(factor).add(d);
            }
            load(dweight, to + input).add(a).intoArray(dweight, to + input);
            load(dweight, to + input + VECTOR).add(b).intoArray(dweight, to + input + VECTOR);
            load(dweight, to + input + 2 * VECTOR).add(c).intoArray(dweight, to + input + 2 * VECTOR);
            load(dweight, to + input + 3 * VECTOR).add(d).intoArray(dweight, to + input + 3 * VECTOR);
        }
        for (; input < inputs; input++) {
            float sum = 0;
            for (int image = 0; image < images; image++) {
                sum += dy[dyAt + image] * turned[image * inputs + input];
            }
            dweight[to + input] += sum;
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }
}
