package io.efsnas.supernet.graph;

import io.efsnas.network.Layer;
import io.efsnas.network.Shape;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.supernet.graph.FinalKernels.Norm;
import io.efsnas.supernet.graph.Plan.Operation;
import java.util.HashMap;
import java.util.Map;

/**
 * Layers of a final network: batch norms are affine and keep running statistics, by which they test, and inputs of the
 * classifier and paths are left out of training steps.
 *
 * @param <B> a buffer
 */
final class FinalVariant<B> implements LayerVariant<B> {

    private final RetrainedNetworkSpec spec;
    private final FinalKernels<B> kernels;
    private final BufferPool<B> buffers;
    private final LayerVariant<B> ofSupernet;
    /** By the layer; a step makes none. */
    private final Map<Layer, Norm<B>> norms = new HashMap<>();

    /** Of the step's paths, {@code [path][image]}. */
    private final float[] pathFactors;

    private final int paths;

    private boolean training;
    private boolean dropping;
    private boolean droppingPaths;
    private long step;
    private int images;
    /** Of the step's dropout; empty until the classifier is reached. */
    private float[] factors = {};

    /** @param paths the number of paths that are left out of training steps */
    FinalVariant(RetrainedNetworkSpec spec, int paths, FinalKernels<B> kernels, BufferPool<B> buffers) {
        this.spec = spec;
        this.kernels = kernels;
        this.buffers = buffers;
        this.ofSupernet = new SupernetVariant<>(kernels, buffers);
        this.paths = paths;
        this.pathFactors = new float[paths * spec.batch()];
    }

    /** From now on the network trains: it takes a step on so many images, after a share of all epochs. */
    void beginStep(long next, double progress, int itsImages) {
        training = true;
        dropping = spec.regularisation().dropout() > 0;
        droppingPaths = spec.dropPaths(next, progress, pathFactors, paths * itsImages);
        step = next;
        images = itsImages;
        factors = new float[0];
    }

    /**
     * From now on it only computes.
     *
     * @param withBatch whether batch norms use, and add, the statistics of the batch
     */
    void compute(boolean withBatch) {
        training = withBatch;
        dropping = false;
        droppingPaths = false;
    }

    @Override
    public B batchNorm(Operation<B> operation, B x, B y) {
        if (!training) {
            kernels.runningBatchNorm(operation.in(), x, norm(operation), y);
            return null;
        }
        B moments = buffers.takeChannelValues(2 * operation.in().channels());
        kernels.affineBatchNorm(operation.in(), x, norm(operation), y, moments);
        return moments;
    }

    @Override
    public void batchNormGradient(Operation<B> operation, B x, B y, B moments, B dy, B dx, boolean add) {
        ofSupernet.batchNormGradient(operation, x, y, moments, dy, dx, add);
    }

    private Norm<B> norm(Operation<B> operation) {
        Norm<B> made = norms.get(operation.layer());
        if (made == null) {
            // in the order of NetworkTensors.of
            made = new Norm<>(operation.value(0), operation.value(1), operation.value(2), operation.value(3));
            norms.put(operation.layer(), made);
        }
        return made;
    }

    @Override
    public void release(Operation<B> norm, B moments) {
        ofSupernet.release(norm, moments);
    }

    @Override
    public void dropOut(Shape shape, B values) {
        if (dropping) {
            if (factors.length == 0) {
                factors = spec.dropoutFactors(step, images * shape.size());
            }
            kernels.multiply(shape, values, factors);
        }
    }

    @Override
    public void dropPath(int path, Shape shape, B values) {
        if (droppingPaths) {
            kernels.multiplyImages(shape, values, pathFactors, path * images);
        }
    }
}
