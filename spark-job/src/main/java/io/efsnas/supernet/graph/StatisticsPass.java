package io.efsnas.supernet.graph;

import io.efsnas.network.Shape;
import io.efsnas.supernet.NormStatistics;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.graph.Plan.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs networks of a supernet forward to take the statistics of their batch norms, or by statistics that were taken.
 *
 * @param <B> a buffer
 */
final class StatisticsPass<B> {

    private final Forward<B> taking;
    private final Forward<B> normalising;
    /** Of the norms that have been computed, while statistics are taken. */
    private final List<double[]> means = new ArrayList<>();

    private final List<double[]> variances = new ArrayList<>();

    /** Those that the network normalises by. */
    private NormStatistics given;
    /** How many of them have been used. */
    private int used;

    StatisticsPass(Kernels<B> kernels, BufferPool<B> buffers) {
        this.taking = new Forward<>(kernels, buffers, new Taking(kernels, new SupernetVariant<>(kernels, buffers)));
        this.normalising = new Forward<>(kernels, buffers, new Normalising(kernels));
    }

    /** The statistics of the batch, by which each batch norm also normalises. */
    NormStatistics of(Plan<B> plan, B images) {
        means.clear();
        variances.clear();
        taking.computeReleasing(plan, images);
        taking.release(plan.last());
        return new NormStatistics(means, variances);
    }

    /** An evaluation in which an image does not depend on the others of its batch. */
    PendingEvaluation evaluate(Plan<B> plan, B images, NormStatistics statistics) {
        given = statistics;
        used = 0;
        return normalising.runReleasing(plan, images);
    }

    /** Batch norms by the batch, whose statistics are noted. */
    private final class Taking implements LayerVariant<B> {

        private final Kernels<B> kernels;
        private final LayerVariant<B> ofBatch;

        Taking(Kernels<B> kernels, LayerVariant<B> ofBatch) {
            this.kernels = kernels;
            this.ofBatch = ofBatch;
        }

        @Override
        public B batchNorm(Operation<B> norm, B x, B y) {
            double[] mean = new double[norm.in().channels()];
            double[] variance = new double[norm.in().channels()];
            kernels.moments(norm.in(), x, mean, variance);
            means.add(mean);
            variances.add(variance);
            return ofBatch.batchNorm(norm, x, y);
        }

        @Override
        public void batchNormGradient(Operation<B> norm, B x, B y, B kept, B dy, B dx, boolean add) {
            ofBatch.batchNormGradient(norm, x, y, kept, dy, dx, add);
        }

        @Override
        public void release(Operation<B> norm, B kept) {
            ofBatch.release(norm, kept);
        }

        @Override
        public void dropOut(Shape shape, B values) {}

        @Override
        public void dropPath(int path, Shape shape, B values) {}
    }

    /** Batch norms by the statistics that are given. */
    private final class Normalising implements LayerVariant<B> {

        private final Kernels<B> kernels;

        Normalising(Kernels<B> kernels) {
            this.kernels = kernels;
        }

        @Override
        public B batchNorm(Operation<B> norm, B x, B y) {
            double[] mean = given.means().get(used);
            double[] variance = given.variances().get(used);
            if (norm.isAffine()) {
                kernels.fixedBatchNorm(norm.in(), x, mean, variance, norm.value(0), norm.value(1), y);
            } else {
                kernels.fixedBatchNorm(norm.in(), x, mean, variance, y);
            }
            used++;
            return null;
        }

        @Override
        public void batchNormGradient(Operation<B> norm, B x, B y, B kept, B dy, B dx, boolean add) {
            throw new UnsupportedOperationException("networks with given statistics run forward alone");
        }

        @Override
        public void release(Operation<B> norm, B kept) {}

        @Override
        public void dropOut(Shape shape, B values) {}

        @Override
        public void dropPath(int path, Shape shape, B values) {}
    }
}
