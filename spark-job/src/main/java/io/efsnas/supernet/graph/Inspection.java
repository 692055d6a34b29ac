package io.efsnas.supernet.graph;

import io.efsnas.data.Batch;
import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Shape;
import io.efsnas.network.Weight;
import io.efsnas.supernet.Activity;
import io.efsnas.supernet.LossGradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks into one network on one batch: its gradients, its activity and what its blocks give. It changes no weight, and leaves gradients of weights
 * behind that nobody reads.
 *
 * @param <B> a buffer
 */
final class Inspection<B> {

    private final Network network;
    private final Plan<B> plan;
    private final Kernels<B> kernels;
    private final SharedWeights<B> weights;
    private final BufferPool<B> buffers;
    private final Batch batch;
    private final Forward<B> forward;
    private final Backward<B> backward;

    Inspection(
            Network network,
            Plan<B> plan,
            Kernels<B> kernels,
            SharedWeights<B> weights,
            BufferPool<B> buffers,
            Batch batch) {
        this.network = network;
        this.plan = plan;
        this.kernels = kernels;
        this.weights = weights;
        this.buffers = buffers;
        this.batch = batch;
        this.forward = new Forward<>(kernels, buffers);
        this.backward = new Backward<>(forward, kernels, buffers);
    }

    /** See {@link io.efsnas.supernet.Supernet#lossGradients}. */
    LossGradients lossGradients(B images) {
        double loss = forward.runKeeping(plan, images).get().loss();
        weights.clearGradients(plan.weights());
        backward.run(1f / batch.size());
        Map<Weight, float[]> gradients = new LinkedHashMap<>();
        for (Weight weight : network.weights()) {
            float[] values = new float[weight.size()];
            kernels.read(weight, weights.trained(weight).gradient(), values);
            gradients.put(weight, values);
        }
        return new LossGradients(loss, gradients);
    }

    /** See {@link io.efsnas.supernet.Supernet#imageGradients}. */
    float[] imageGradients(B images) {
        forward.runKeeping(plan, images).get();
        float[] ones = new float[batch.size() * network.classes()];
        Arrays.fill(ones, 1);
        B ofLogits = logits(ones);
        B arrived = backward.runThrough(0, last().index(), ofLogits);
        float[] values = new float[batch.size() * network.image().size()];
        kernels.read(network.image(), arrived, values);
        backward.releaseArrived(0, ofLogits);
        buffers.release(last().shape(), ofLogits);
        forward.releaseAll();
        return values;
    }

    /** See {@link io.efsnas.supernet.Supernet#tangentKernel}. */
    double[][] tangentKernel(B images) {
        forward.runKeeping(plan, images).get();
        List<Weight> factors =
                network.weights().stream().filter(weight -> !weight.isVector()).toList();
        float[][] gradients = new float[batch.size()][];
        for (int image = 0; image < gradients.length; image++) {
            gradients[image] = gradients(image, factors);
        }
        forward.releaseAll();
        double[][] products = new double[gradients.length][gradients.length];
        for (int a = 0; a < gradients.length; a++) {
            for (int b = 0; b <= a; b++) {
                products[a][b] = product(gradients[a], gradients[b]);
                products[b][a] = products[a][b];
            }
        }
        return products;
    }

    /** The gradients of the sum of an image's logits, one weight after the other. */
    private float[] gradients(int image, List<Weight> factors) {
        weights.clearGradients(plan.weights());
        float[] ones = new float[batch.size() * network.classes()];
        Arrays.fill(ones, image * network.classes(), (image + 1) * network.classes(), 1);
        B ofLogits = logits(ones);
        backward.runKeeping(ofLogits);
        buffers.release(last().shape(), ofLogits);
        float[] all = new float[factors.stream().mapToInt(Weight::size).sum()];
        int at = 0;
        for (Weight weight : factors) {
            float[] values = new float[weight.size()];
            kernels.read(weight, weights.trained(weight).gradient(), values);
            System.arraycopy(values, 0, all, at, values.length);
            at += values.length;
        }
        return all;
    }

    /** In two sums, which a processor adds to at the same time. */
    private static double product(float[] a, float[] b) {
        double even = a.length % 2 == 0 ? 0 : (double) a[a.length - 1] * b[a.length - 1];
        double odd = 0;
        for (int i = 1; i < a.length; i += 2) {
            even += (double) a[i - 1] * b[i - 1];
            odd += (double) a[i] * b[i];
        }
        return even + odd;
    }

    /** See {@link io.efsnas.supernet.Supernet#activity}. */
    List<Activity> activity(B images) {
        forward.runKeeping(plan, images).get();
        List<Activity> activity = new ArrayList<>();
        for (Node node : network.nodes()) {
            if (node.layer() instanceof Layer.Relu || node.layer() instanceof Layer.Relu6) {
                Shape shape = node.shape();
                float[] values = new float[batch.size() * shape.size()];
                kernels.read(shape, forward.output(node.index()), values);
                activity.add(new Activity(shape.size(), plan.consumers(node.index()), active(values, shape.size())));
            }
        }
        forward.releaseAll();
        return activity;
    }

    private static List<BitSet> active(float[] values, int units) {
        List<BitSet> active = new ArrayList<>();
        for (int from = 0; from < values.length; from += units) {
            BitSet ofImage = new BitSet(units);
            for (int unit = 0; unit < units; unit++) {
                if (values[from + unit] > 0) {
                    ofImage.set(unit);
                }
            }
            active.add(ofImage);
        }
        return active;
    }

    /** See {@link io.efsnas.supernet.Supernet#neighbourDistances}. */
    List<double[][]> neighbourDistances(B images, int neighbours) {
        forward.runKeeping(plan, images).get();
        List<double[][]> distances = new ArrayList<>();
        for (int block : network.blocks()) {
            Shape shape = network.nodes().get(block).shape();
            float[] values = new float[batch.size() * shape.size()];
            kernels.read(shape, forward.output(block), values);
            distances.add(NearestImages.distances(values, batch.size(), neighbours));
        }
        forward.releaseAll();
        return distances;
    }

    private Node last() {
        return network.nodes().get(network.nodes().size() - 1);
    }

    /** A buffer with a value for each logit, until it is given back. */
    private B logits(float[] values) {
        B logits = buffers.take(last().shape());
        kernels.images(new Batch(values, batch.labels(), last().shape()), logits);
        return logits;
    }
}
