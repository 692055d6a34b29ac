package io.efsnas.training.scheme;

import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.split.CountSubspace;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Supernet-balanced sampling within a step, as the paper's code has it on large images (Oh, Lee, Ham, AAAI 2025): one subnet
 * of each group of counts is drawn, all of them on the same batch, and their gradients are summed into one update. Here they
 * share all weights: it is for a supernet that serves several groups.
 */
final class EachGroupScheme implements TrainingScheme {

    private static final String GROUPS = "groups";
    private static final String AUTO = "auto";

    /** Empty for a group of each count. */
    private final List<List<Integer>> groups;
    /** Of the supernet that takes the steps; null before the first one. */
    private List<CountSubspace> parts;

    private EachGroupScheme(List<List<Integer>> groups) {
        this.groups = groups;
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return parts(subspace).size();
    }

    /** The groups that a subspace has; it has each of them as a whole, or nothing of it. */
    private List<CountSubspace> parts(Subspace subspace) {
        SortedSet<Integer> left = counts(subspace);
        List<CountSubspace> found = new ArrayList<>();
        for (List<Integer> group :
                groups.isEmpty() ? left.stream().map(List::of).toList() : groups) {
            if (!group.isEmpty() && left.containsAll(group)) {
                left.removeAll(group);
                found.add(new CountSubspace(subspace.space(), group));
            }
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("no group of schemes.each-group.groups has the counts " + left
                    + " of the subspace " + subspace.label() + " and no others");
        }
        return found;
    }

    private static SortedSet<Integer> counts(Subspace subspace) {
        if (subspace instanceof CountSubspace counted) {
            return new TreeSet<>(counted.counts());
        }
        if (subspace instanceof MaskSubspace mask && mask.isWhole()) {
            return new TreeSet<>(Counted.of(subspace.space()).sizes().keySet());
        }
        throw new IllegalArgumentException("nobody knows the counts of the subspace " + subspace.label());
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        if (parts == null) {
            parts = parts(context.node().subspace());
        }
        List<Architecture> subnets = new ArrayList<>(parts.size());
        parts.forEach(part -> subnets.add(part.sample(context.random())));
        return context.train(supernet, subnets, Combination.SUM);
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        @Override
        public String name() {
            return "each-group";
        }

        @Override
        public Map<String, Object> defaults() {
            return Map.of(GROUPS, AUTO);
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            spec.requireOneSubnetPerStep("a step trains one subnet of each group");
            Object groups = spec.settings().getOrDefault(GROUPS, AUTO);
            return new EachGroupScheme(groups.equals(AUTO) ? List.of() : lists(groups));
        }

        private static List<List<Integer>> lists(Object groups) {
            try {
                return ((List<?>) groups)
                        .stream()
                                .map(group -> ((List<?>) group)
                                        .stream().map(count -> (Integer) count).toList())
                                .toList();
            } catch (ClassCastException e) {
                throw Settings.refusal(GROUPS, AUTO + ", or lists of counts such as [[34], [36], [38]]");
            }
        }
    }
}
