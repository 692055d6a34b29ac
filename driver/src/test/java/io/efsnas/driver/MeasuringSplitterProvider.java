package io.efsnas.driver;

import io.efsnas.data.Batch;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Probe;
import io.efsnas.split.Splitter;
import io.efsnas.split.SplitterProvider;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Supernet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A splitter of a user's: splits at one position into the choices whose subnets have the smaller losses and the others, by
 * what the trained supernet says of random ones.
 */
public final class MeasuringSplitterProvider implements SplitterProvider {

    /** How many supernets were measured by this process. */
    static final AtomicInteger MEASURED = new AtomicInteger();

    @Override
    public String name() {
        return "by-loss";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("position", 5, "subnets", 4);
    }

    @Override
    public Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random) {
        int position = ((Number) settings.get("position")).intValue();
        if (position < 0 || position >= space.choices().size()) {
            throw new IllegalArgumentException("position: " + space.name() + " has the positions 0 to "
                    + (space.choices().size() - 1));
        }
        return new ByLoss(position, ((Number) settings.get("subnets")).intValue());
    }

    private record ByLoss(int position, int subnets) implements Splitter {

        @Override
        public int parts() {
            return 2;
        }

        @Override
        public Optional<Probe> probe() {
            return Optional.of(new Losses(position, subnets));
        }

        @Override
        public List<Subspace> split(Subspace whole, Evidence evidence) {
            List<Integer> byLoss = IntStream.range(0, whole.space().choices().get(position))
                    .boxed()
                    .sorted(Comparator.comparing(choice -> evidence.values().get("choice " + choice)))
                    .toList();
            MaskSubspace mask = (MaskSubspace) whole;
            int half = byLoss.size() / 2;
            return List.of(
                    mask.restricted(position, byLoss.subList(0, half)),
                    mask.restricted(position, byLoss.subList(half, byLoss.size())));
        }
    }

    private record Losses(int position, int subnets) implements Probe {

        @Override
        public double steps(SupernetNode node) {
            return node.subspace().space().choices().get(position) * subnets / 3.0; // forward passes alone
        }

        @Override
        public Evidence measure(Supernet trained, SupernetNode node, Batch batch, RandomGenerator random) {
            MEASURED.incrementAndGet();
            SortedMap<String, Double> losses = new TreeMap<>();
            MaskSubspace mask = (MaskSubspace) node.subspace();
            for (int choice = 0; choice < node.subspace().space().choices().get(position); choice++) {
                MaskSubspace part = mask.restricted(position, List.of(choice));
                List<Architecture> drawn = IntStream.range(0, subnets)
                        .mapToObj(any -> part.sample(random))
                        .toList();
                losses.put(
                        "choice " + choice,
                        trained.score(batch, drawn).stream()
                                .mapToDouble(evaluation -> evaluation.loss())
                                .average()
                                .orElseThrow());
            }
            return new Evidence(losses);
        }
    }
}
