package io.efsnas.split.gradient;

import io.efsnas.data.Batch;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SpaceWeights;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Probe;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.cut.BalancedCut;
import io.efsnas.split.cut.ChoiceDistances;
import io.efsnas.split.cut.ComparedPosition;
import io.efsnas.supernet.Supernet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Measures how differently the choices of each position push the weights that they share. On each batch, one random path is
 * run with each choice of a position in turn; the distance of two choices is the mean over the batches of 1 less the cosine
 * of their gradients. A cut is worth the sum of the distances across it.
 *
 * @param batches the number of batches on which it measures
 * @param positions those whose choices it compares
 */
record GradientProbe(int batches, List<Integer> positions) implements Probe {

    GradientProbe {
        positions = List.copyOf(positions);
    }

    /** One that compares the choices of all positions of a space. */
    static GradientProbe of(SearchSpace space, int batches) {
        return new GradientProbe(
                batches, IntStream.range(0, space.choices().size()).boxed().toList());
    }

    @Override
    public boolean needsInspection() {
        return true;
    }

    /** At most, because choices that give the same network are run once. */
    @Override
    public double steps(SupernetNode node) {
        return batches
                * (double) compared(node).stream()
                        .mapToInt(position -> position.choices().size())
                        .sum();
    }

    private List<ComparedPosition> compared(SupernetNode node) {
        return ComparedPosition.of(MaskSubspace.of(node.subspace())).stream()
                .filter(compared -> positions.contains(compared.position()))
                .toList();
    }

    @Override
    public Evidence measure(Supernet trained, SupernetNode node, Batch batch, RandomGenerator random) {
        return ChoiceDistances.evidence(compared(node).stream()
                .map(compared -> distances(trained, node, batch, compared, random))
                .toList());
    }

    private static ChoiceDistances distances(
            Supernet trained, SupernetNode node, Batch batch, ComparedPosition compared, RandomGenerator random) {
        Set<Weight> own = SpaceWeights.ofPosition(node.subspace().space(), node.size(), compared.position());
        List<SharedGradients> gradients = compared.look(random, subnet -> gradients(trained, node, batch, subnet, own));
        return ChoiceDistances.of(compared, gradients, SharedGradients::distance);
    }

    private static SharedGradients gradients(
            Supernet trained, SupernetNode node, Batch batch, Architecture subnet, Set<Weight> own) {
        SharedGradients gradients = SharedGradients.of(trained.lossGradients(batch, subnet), own);
        if (!Double.isFinite(gradients.squares())) {
            throw new IllegalStateException(
                    node.describe() + ", measured after step " + node.lastStep() + ": a gradient is not a finite"
                            + " number; lower training.learning-rate.initial or set training.gradient-clip");
        }
        return gradients;
    }

    @Override
    public Evidence conclude(SupernetNode node, Evidence mean) {
        return ChoiceDistances.evidence(ChoiceDistances.in(mean), BalancedCut::across);
    }
}
