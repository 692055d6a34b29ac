package example;

import io.efsnas.data.Batch;
import io.efsnas.provider.Settings;
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
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Splits at one position: the choice whose random subnets have the smallest mean loss, and all others. */
public final class ByLossSplitter implements SplitterProvider {

    @Override
    public String name() {
        return "by-loss";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("position", 0, "subnets", 4);
    }

    @Override
    public Splitter create(SearchSpace space, Map<String, Object> settings, RandomGenerator random) {
        Settings its = new Settings(settings);
        int position = its.whole("position", 0, space.choices().size() - 1);
        return new AtPosition(position, its.whole("subnets", 1, 1000));
    }

    private record AtPosition(int position, int subnets) implements Splitter {

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
            MaskSubspace mask = (MaskSubspace) whole;
            List<Integer> ascending = mask.allowed().get(position).stream()
                    .sorted(Comparator.comparing(choice -> evidence.values().get("choice " + choice)))
                    .toList();
            return List.of(
                    mask.restricted(position, ascending.subList(0, 1)),
                    mask.restricted(position, ascending.subList(1, ascending.size())));
        }
    }

    /** Runs on an executor that has the trained supernet. */
    private record Losses(int position, int subnets) implements Probe {

        @Override
        public double steps(SupernetNode node) {
            return ((MaskSubspace) node.subspace()).allowed().get(position).size() * subnets / 3.0; // forward passes alone
        }

        @Override
        public Evidence measure(Supernet trained, SupernetNode node, Batch batch, RandomGenerator random) {
            SortedMap<String, Double> losses = new TreeMap<>();
            MaskSubspace mask = (MaskSubspace) node.subspace();
            for (int choice : mask.allowed().get(position)) {
                MaskSubspace part = mask.restricted(position, List.of(choice));
                double mean = trained
                        .score(batch, Stream.generate(() -> part.sample(random)).limit(subnets).toList())
                        .stream()
                        .mapToDouble(evaluation -> evaluation.loss())
                        .average()
                        .orElseThrow();
                losses.put("choice " + choice, mean);
            }
            return new Evidence(losses);
        }
    }
}
