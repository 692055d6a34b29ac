package io.efsnas.split.cut;

import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the choices of one position are apart, by what was measured of a supernet. Evidence has the distance of choices 1
 * and 4 at position 3 as {@code position 3: 1-4}, and what the position's cut is worth as {@code position 3: cut}.
 *
 * @param choices ascending
 * @param matrix the distance of every two of them, in their order; symmetric, with zeros in its diagonal
 */
public record ChoiceDistances(int position, List<Integer> choices, double[][] matrix) {

    private static final Pattern DISTANCE = Pattern.compile("position (\\d+): (\\d+)-(\\d+)");

    public ChoiceDistances {
        choices = List.copyOf(choices);
    }

    /**
     * The distances at a position.
     *
     * @param looks what was seen of each choice
     * @param distance of two of them, in either order
     */
    public static <T> ChoiceDistances of(ComparedPosition compared, List<T> looks, ToDoubleBiFunction<T, T> distance) {
        double[][] matrix = new double[looks.size()][looks.size()];
        for (int a = 0; a < matrix.length; a++) {
            for (int b = a + 1; b < matrix.length; b++) {
                matrix[a][b] = distance.applyAsDouble(looks.get(a), looks.get(b));
                matrix[b][a] = matrix[a][b];
            }
        }
        return new ChoiceDistances(compared.position(), compared.choices(), matrix);
    }

    /** Those that evidence has, in the order of the positions; NaN where one is missing. */
    public static List<ChoiceDistances> in(Evidence evidence) {
        SortedMap<Integer, TreeSet<Integer>> choices = new TreeMap<>();
        for (String name : evidence.values().keySet()) {
            Matcher distance = DISTANCE.matcher(name);
            if (distance.matches()) {
                TreeSet<Integer> here =
                        choices.computeIfAbsent(Integer.valueOf(distance.group(1)), any -> new TreeSet<>());
                here.add(Integer.valueOf(distance.group(2)));
                here.add(Integer.valueOf(distance.group(3)));
            }
        }
        List<ChoiceDistances> all = new ArrayList<>();
        choices.forEach((position, here) -> all.add(read(evidence, position, List.copyOf(here))));
        return all;
    }

    private static ChoiceDistances read(Evidence evidence, int position, List<Integer> choices) {
        double[][] matrix = new double[choices.size()][choices.size()];
        for (int a = 0; a < matrix.length; a++) {
            for (int b = a + 1; b < matrix.length; b++) {
                matrix[a][b] = value(evidence, name(position, choices.get(a), choices.get(b)));
                matrix[b][a] = matrix[a][b];
            }
        }
        return new ChoiceDistances(position, choices, matrix);
    }

    /** Evidence of distances alone. */
    public static Evidence evidence(List<ChoiceDistances> all) {
        SortedMap<String, Double> values = new TreeMap<>();
        all.forEach(distances -> distances.addTo(values));
        return new Evidence(values);
    }

    /**
     * Evidence of distances, and of what the cuts are worth.
     *
     * @param worth of a cut; the position with the largest one is split
     */
    public static Evidence evidence(List<ChoiceDistances> all, ToDoubleFunction<BalancedCut> worth) {
        SortedMap<String, Double> values = new TreeMap<>(evidence(all).values());
        all.forEach(distances -> values.put(cutName(distances.position), worth.applyAsDouble(distances.cut())));
        return new Evidence(values);
    }

    private void addTo(Map<String, Double> values) {
        for (int a = 0; a < matrix.length; a++) {
            for (int b = a + 1; b < matrix.length; b++) {
                values.put(name(position, choices.get(a), choices.get(b)), matrix[a][b]);
            }
        }
    }

    private static String name(int position, int choice, int larger) {
        return "position " + position + ": " + choice + "-" + larger;
    }

    private static String cutName(int position) {
        return "position " + position + ": cut";
    }

    /** Those of the position that is split: the first one whose cut is worth the most. Empty if there is none. */
    public static Optional<ChoiceDistances> ofSplit(Evidence evidence) {
        ChoiceDistances best = null;
        double most = Double.NEGATIVE_INFINITY;
        for (ChoiceDistances distances : in(evidence)) {
            double worth = distances.worth(evidence);
            if (worth > most) {
                most = worth;
                best = distances;
            }
        }
        return Optional.ofNullable(best);
    }

    /** What the position's cut is worth; NaN if evidence does not say so. */
    public double worth(Evidence evidence) {
        return value(evidence, cutName(position));
    }

    /** Evidence of a splitter that somebody else wrote may have a few such names by chance. */
    private static double value(Evidence evidence, String name) {
        return evidence.values().getOrDefault(name, Double.NaN);
    }

    /** The best cut of the choices, whose things are their places in {@link #choices}. */
    public BalancedCut cut() {
        return BalancedCut.of(matrix);
    }

    /** The two parts of a subspace that the best cut makes. */
    public List<MaskSubspace> parts(MaskSubspace whole) {
        BalancedCut cut = cut();
        return List.of(part(whole, cut.first()), part(whole, cut.second()));
    }

    private MaskSubspace part(MaskSubspace whole, List<Integer> places) {
        return whole.restricted(position, places.stream().map(choices::get).toList());
    }
}
