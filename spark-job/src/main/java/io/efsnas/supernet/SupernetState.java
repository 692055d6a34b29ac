package io.efsnas.supernet;

import io.efsnas.network.Weight;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a supernet has learned, in a form that any engine can take over.
 *
 * @param tensors by name, in a fixed order: each weight under its own name, its momentum under the name with {@link
 *     #MOMENTUM} before it; then, for supernets that have them, further momenta ({@link #momentum}) and averaged weights
 *     ({@link #AVERAGE}), each for all weights
 */
public record SupernetState(Map<String, Tensor> tensors) implements Serializable {

    /** Comes before a weight's name in the name of its momentum. */
    public static final String MOMENTUM = "momentum.";

    /** Comes before a weight's name in the name of its moving average. */
    public static final String AVERAGE = "average.";

    /** What comes before names of tensors that not all supernets have. */
    private static final Pattern FURTHER = Pattern.compile("average[.]|momentum-(\\d+)[.]");

    /** Values in row-major order of the shape. */
    public record Tensor(List<Integer> shape, float[] values) implements Serializable {
        public Tensor {
            shape = List.copyOf(shape);
            long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
            if (size != values.length) {
                throw new IllegalArgumentException(values.length + " values do not fill the shape " + shape);
            }
        }
    }

    /**
     * What comes before a weight's name in the name of its momentum.
     *
     * @param number of the momenta, see {@link TrainingStep#momenta}
     */
    public static String momentum(int number) {
        return number == 0 ? MOMENTUM : "momentum-" + number + ".";
    }

    /** A weight's values, in row-major order of its shape. */
    public float[] values(Weight weight) {
        return tensors.get(weight.name()).values();
    }

    /** The momentum of a weight, in row-major order of its shape. */
    public float[] momentum(Weight weight) {
        return momentum(0, weight);
    }

    /**
     * Another momentum of a weight, in row-major order of its shape.
     *
     * @param number one of {@link #momenta}
     */
    public float[] momentum(int number, Weight weight) {
        return tensors.get(momentum(number) + weight.name()).values();
    }

    /** The moving average of a weight, in row-major order of its shape, if there is one. */
    public float[] average(Weight weight) {
        return tensors.get(AVERAGE + weight.name()).values();
    }

    /** Whether it has averaged weights. */
    public boolean hasAverages() {
        return further().anyMatch(AVERAGE::equals);
    }

    /** The numbers of its momenta. */
    public SortedSet<Integer> momenta() {
        SortedSet<Integer> numbers = new TreeSet<>(Set.of(0));
        further()
                .map(FURTHER::matcher)
                .filter(Matcher::matches)
                .filter(matcher -> matcher.group(1) != null)
                .forEach(matcher -> numbers.add(Integer.valueOf(matcher.group(1))));
        return numbers;
    }

    private Stream<String> further() {
        return tensors.keySet().stream()
                .map(FURTHER::matcher)
                .filter(Matcher::lookingAt)
                .map(Matcher::group)
                .distinct();
    }

    /** What a supernet that begins as a copy of this one takes over: weights and momenta that all supernets have. */
    public SupernetState inherited() {
        Map<String, Tensor> all = new LinkedHashMap<>(tensors);
        all.keySet().removeIf(name -> FURTHER.matcher(name).lookingAt());
        return new SupernetState(all);
    }

    /**
     * Checks that this is the state of a supernet with these weights.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown or of another shape
     */
    public void requireTensorsOf(List<Weight> weights) {
        Set<String> unknown = new TreeSet<>(tensors.keySet());
        List<String> prefixes =
                Stream.concat(Stream.of("", MOMENTUM), further()).toList();
        for (Weight weight : weights) {
            for (String prefix : prefixes) {
                String name = prefix + weight.name();
                Tensor tensor = tensors.get(name);
                if (tensor == null || !tensor.shape().equals(weight.shape())) {
                    throw new IllegalArgumentException("tensor '" + name + "' should have the shape " + weight.shape()
                            + ", but " + (tensor == null ? "is missing" : "has " + tensor.shape()));
                }
                unknown.remove(name);
            }
        }
        unknown.stream().findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("this supernet has no tensor '" + name + "'");
        });
    }
}
