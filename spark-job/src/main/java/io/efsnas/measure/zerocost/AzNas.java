package io.efsnas.measure.zerocost;

import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.network.ModelSize;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.supernet.BlockMoments;
import java.util.List;

/**
 * Expressivity, progressivity and trainability of an untrained network, block by block (Lee, Ham, <i>AZ-NAS: Assembling
 * Zero-Cost Proxies for Network Architecture Search</i>, CVPR 2024).
 *
 * <ul>
 *   <li>The entropy e of a block's output is that of its covariance's eigenvalues as shares of their sum, over all pixels
 *       of all images: -Σ p ln(p + 1e-8). Expressivity is the sum of all blocks' entropies.
 *   <li>Progressivity is the smallest step from one block's entropy to the next one's.
 *   <li>Trainability is the mean over all blocks but the first of 2 - σ - 1/(σ + 1e-6), at most 0, with σ the largest
 *       singular value of the mean product of a random gradient at a block's output with what arrives at its input. A block
 *       that computes nothing makes it minus infinity.
 * </ul>
 *
 * <p>Eigenvalues that rounding makes negative count as 0, where the authors' code gives up the architecture.
 */
public final class AzNas implements Measure {

    private static final long serialVersionUID = 1;
    private static final double TINY = 1e-8;
    private static final double SMALL = 1e-6;

    @Override
    public String name() {
        return "az-nas";
    }

    @Override
    public List<String> columns() {
        return List.of("expressivity", "progressivity", "trainability");
    }

    @Override
    public Needs needs() {
        return Needs.FRESH;
    }

    @Override
    public boolean suits(SearchSpace space) {
        return space.hasBlocks();
    }

    @Override
    public void check(SearchSpace space, ModelSize size) {
        boolean chain = space.covering().stream()
                .allMatch(any -> space.network(any, size).blocks().size() > 1);
        if (!chain) {
            throw new IllegalArgumentException(
                    String.join(", ", columns()) + " look at blocks in a row, which networks of " + space.name()
                            + " do not have; expected other measures");
        }
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        return of(context.fresh().supernet().blocks(context.fresh().noise(), architecture));
    }

    static double[] of(List<BlockMoments> blocks) {
        double[] entropies = blocks.stream().mapToDouble(AzNas::entropy).toArray();
        double expressivity = 0;
        double progressivity = Double.POSITIVE_INFINITY;
        double trainability = 0;
        for (int block = 0; block < entropies.length; block++) {
            expressivity += entropies[block];
            if (block > 0) {
                progressivity = Math.min(progressivity, entropies[block] - entropies[block - 1]);
                trainability += trainability(blocks.get(block));
            }
        }
        return new double[] {expressivity, progressivity, trainability / (entropies.length - 1)};
    }

    private static double entropy(BlockMoments block) {
        double[] eigenvalues = Spectrum.eigenvalues(covariance(block));
        double sum = 0;
        for (double eigenvalue : eigenvalues) {
            sum += Math.max(0, eigenvalue);
        }
        double entropy = 0;
        for (double eigenvalue : eigenvalues) {
            double share = Math.max(0, eigenvalue) / sum;
            entropy -= share * Math.log(share + TINY);
        }
        return Double.isNaN(entropy) ? Double.NEGATIVE_INFINITY : entropy;
    }

    private static double[][] covariance(BlockMoments block) {
        int channels = block.channels();
        double positions = block.positions();
        double[][] covariance = new double[channels][channels];
        for (int row = 0; row < channels; row++) {
            for (int column = 0; column < channels; column++) {
                covariance[row][column] = block.products()[row * channels + column] / positions
                        - block.sums()[row] / positions * (block.sums()[column] / positions);
            }
        }
        return covariance;
    }

    private static double trainability(BlockMoments block) {
        BlockMoments.Back back = block.back().orElseThrow();
        if (back.identity()) {
            return Double.NEGATIVE_INFINITY;
        }
        double largest =
                Spectrum.largestSingularValue(back.products(), back.rows(), back.columns()) / block.positions();
        return 2 - largest - 1 / (largest + SMALL);
    }
}
