package io.efsnas.split.dimension;

import io.efsnas.data.Batch;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Probe;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.cut.ChoiceDistances;
import io.efsnas.split.cut.ComparedPosition;
import io.efsnas.supernet.Supernet;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Measures how alike the choices of each position spread images. On each batch, one random path is run forward with each
 * choice of a position in turn. The fingerprint of a choice is the {@link LocalDimension} of the images' outputs of each
 * block, as means over the images and the batches. Two choices have the similarity 1 / (1 + d) with the Euclidean distance d
 * of their fingerprints; in evidence their distance is 1 less that. A cut is worth the sum of the similarities within its
 * groups.
 *
 * @param batches on which it measures
 * @param neighbours of each image that its dimension is estimated by
 */
record DimensionProbe(int batches, int neighbours) implements Probe {

    /** A forward pass is the first of a step's three: the others are the gradients of inputs and of weights. */
    private static final double STEP_OF_A_PASS = 1 / 3.0;

    @Override
    public boolean needsInspection() {
        return true;
    }

    /** At most, because choices that give the same network are run once. */
    @Override
    public double steps(SupernetNode node) {
        return batches * STEP_OF_A_PASS * ComparedPosition.choices(MaskSubspace.of(node.subspace()));
    }

    @Override
    public void check(SupernetNode root, int images) {
        if (neighbours >= images) {
            throw new IllegalArgumentException(DimensionSplitterProvider.NEIGHBOURS + ": expected fewer than the "
                    + images + " images of a training batch");
        }
        SearchSpace space = root.subspace().space();
        List<Integer> blocks = space.covering().stream()
                .map(architecture ->
                        space.network(architecture, root.size()).blocks().size())
                .distinct()
                .toList();
        if (blocks.size() != 1 || blocks.get(0) == 0) {
            throw new IllegalArgumentException("networks of " + space.name() + " have " + blocks
                    + " blocks; expected the same number of all, and at least one");
        }
    }

    @Override
    public Evidence measure(Supernet trained, SupernetNode node, Batch batch, RandomGenerator random) {
        SortedMap<String, Double> dimensions = new TreeMap<>();
        for (ComparedPosition compared : ComparedPosition.of(MaskSubspace.of(node.subspace()))) {
            List<double[]> looks = compared.look(random, subnet -> dimensions(trained, node, batch, subnet));
            for (int choice = 0; choice < looks.size(); choice++) {
                double[] ofBlocks = looks.get(choice);
                for (int block = 0; block < ofBlocks.length; block++) {
                    dimensions.put(name(compared, compared.choices().get(choice), block), ofBlocks[block]);
                }
            }
        }
        return new Evidence(dimensions);
    }

    /** Those of the outputs of each block. */
    private double[] dimensions(Supernet trained, SupernetNode node, Batch batch, Architecture subnet) {
        double[] dimensions = trained.neighbourDistances(batch, subnet, neighbours).stream()
                .mapToDouble(LocalDimension::mean)
                .toArray();
        if (Double.isNaN(Arrays.stream(dimensions).sum())) {
            throw new IllegalStateException(
                    node.describe() + ", measured after step " + node.lastStep() + ": an output is not a finite number;"
                            + " lower training.learning-rate.initial or set training.gradient-clip");
        }
        return dimensions;
    }

    private static String name(ComparedPosition compared, int choice, int block) {
        return "position " + compared.position() + ": choice " + choice + ", block " + block;
    }

    @Override
    public Evidence conclude(SupernetNode node, Evidence mean) {
        List<ChoiceDistances> distances = ComparedPosition.of(MaskSubspace.of(node.subspace())).stream()
                .map(compared -> ChoiceDistances.of(
                        compared, fingerprints(compared, mean), (one, other) -> 1 - similarity(one, other)))
                .toList();
        return ChoiceDistances.evidence(distances, cut -> cut.pairsWithin() - cut.within());
    }

    private static List<double[]> fingerprints(ComparedPosition compared, Evidence mean) {
        return compared.choices().stream()
                .map(choice -> IntStream.iterate(0, block -> block + 1)
                        .mapToObj(block -> name(compared, choice, block))
                        .takeWhile(mean.values()::containsKey)
                        .mapToDouble(mean.values()::get)
                        .toArray())
                .toList();
    }

    private static double similarity(double[] one, double[] other) {
        double squares = 0;
        for (int block = 0; block < one.length; block++) {
            squares += (one[block] - other[block]) * (one[block] - other[block]);
        }
        return 1 / (1 + Math.sqrt(squares));
    }
}
