package io.efsnas.split.gradient;

import io.efsnas.data.Batch;
import io.efsnas.data.TrainingBatches;
import io.efsnas.network.Weight;
import io.efsnas.space.Architecture;
import io.efsnas.space.SpaceWeights;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Probe;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Supernet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Measures how differently the choices of each position push the weights that they share. On each batch, one random path is
 * run with each choice of a position in turn; the distance of two choices is the mean over the batches of 1 less the cosine
 * of their gradients.
 *
 * @param batches the number of batches on which it measures
 */
record GradientProbe(int batches) implements Probe {

    @Override
    public boolean needsGradients() {
        return true;
    }

    @Override
    public Evidence measure(Supernet trained, SupernetNode node, TrainingBatches images, RandomGenerator random) {
        List<ComparedPosition> positions = ComparedPosition.of(MaskSubspace.of(node.subspace()));
        List<Set<Weight>> own = positions.stream()
                .map(compared -> SpaceWeights.ofPosition(node.subspace().space(), node.size(), compared.position()))
                .toList();
        SortedMap<String, Double> distances = new TreeMap<>();
        for (int i = 0; i < batches; i++) {
            Batch batch = images.batch(node.lastStep() + i);
            for (int p = 0; p < positions.size(); p++) {
                ComparedPosition compared = positions.get(p);
                addDistances(distances, compared, gradients(trained, node, batch, compared.draw(random), own.get(p)));
            }
        }
        distances.replaceAll((name, sum) -> sum / batches);
        SortedMap<String, Double> all = new TreeMap<>(distances);
        positions.forEach(compared ->
                all.put(compared.cutName(), compared.cut(distances::get).across()));
        return new Evidence(all);
    }

    /** Choices at a position that does not lead to the output give the same network, which is run once. */
    private static List<SharedGradients> gradients(
            Supernet trained, SupernetNode node, Batch batch, List<Architecture> subnets, Set<Weight> own) {
        Map<Architecture, SharedGradients> ofNetworks = new HashMap<>();
        List<SharedGradients> all = new ArrayList<>();
        for (Architecture subnet : subnets) {
            SharedGradients gradients = ofNetworks.computeIfAbsent(
                    node.subspace().space().live(subnet),
                    live -> SharedGradients.of(trained.lossGradients(batch, live), own));
            if (!Double.isFinite(gradients.squares())) {
                throw new IllegalStateException(
                        node.describe() + ", measured after step " + node.lastStep() + ": a gradient is not a finite"
                                + " number; lower training.learning-rate.initial or set training.gradient-clip");
            }
            all.add(gradients);
        }
        return all;
    }

    private static void addDistances(
            SortedMap<String, Double> sums, ComparedPosition compared, List<SharedGradients> gradients) {
        List<Integer> choices = compared.choices();
        for (int a = 0; a < choices.size(); a++) {
            for (int b = a + 1; b < choices.size(); b++) {
                sums.merge(
                        compared.name(choices.get(a), choices.get(b)),
                        gradients.get(a).distance(gradients.get(b)),
                        Double::sum);
            }
        }
    }
}
