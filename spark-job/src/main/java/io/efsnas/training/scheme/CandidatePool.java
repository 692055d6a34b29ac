package io.efsnas.training.scheme;

import io.efsnas.space.Architecture;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The best of the subnets that were judged not long ago. */
final class CandidatePool {

    /** Names of the tensors of its state. */
    private static final String CHOICES = "pool.choices";

    private static final String LOSSES = "pool.losses";
    private static final String AGES = "pool.ages";

    /**
     * A subnet that was judged.
     *
     * @param loss the mean cross entropy in nats
     * @param age the number of draws since
     */
    record Judged(Architecture subnet, float loss, int age) implements Comparable<Judged> {

        /** The smaller loss first. */
        @Override
        public int compareTo(Judged other) {
            int order = Float.compare(loss, other.loss);
            return order == 0 ? subnet.compareTo(other.subnet) : order;
        }

        private Judged older() {
            return new Judged(subnet, loss, age + 1);
        }
    }

    private final int capacity;
    private final int oldest;
    /** The smallest loss first. */
    private List<Judged> judged = List.of();

    /**
     * @param capacity the most subnets in it
     * @param oldest the number of draws after which a subnet that was not judged again leaves it
     */
    CandidatePool(int capacity, int oldest) {
        this.capacity = capacity;
        this.oldest = oldest;
    }

    boolean isEmpty() {
        return judged.isEmpty();
    }

    /** All of its subnets, the one with the smallest loss first. */
    List<Architecture> subnets() {
        return judged.stream().map(Judged::subnet).toList();
    }

    /** One of its subnets, drawn uniformly. */
    Architecture draw(RandomGenerator random) {
        return judged.get(random.nextInt(judged.size())).subnet();
    }

    /** Takes in the subnets of a draw; one that it has already gets its new loss. */
    void add(List<Judged> now) {
        Map<Architecture, Judged> all = new LinkedHashMap<>();
        judged.stream()
                .map(Judged::older)
                .filter(one -> one.age() <= oldest)
                .forEach(one -> all.put(one.subnet(), one));
        now.forEach(one -> all.put(one.subnet(), one));
        judged = all.values().stream().sorted().limit(capacity).toList();
    }

    Map<String, Tensor> state() {
        float[] losses = new float[judged.size()];
        float[] ages = new float[judged.size()];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = judged.get(i).loss();
            ages[i] = judged.get(i).age();
        }
        return Map.of(
                CHOICES, choices(subnets()),
                LOSSES, new Tensor(List.of(losses.length), losses),
                AGES, new Tensor(List.of(ages.length), ages));
    }

    void restore(Map<String, Tensor> state) {
        List<Architecture> subnets = subnets(state.get(CHOICES));
        float[] losses = state.get(LOSSES).values();
        float[] ages = state.get(AGES).values();
        List<Judged> restored = new ArrayList<>();
        for (int i = 0; i < subnets.size(); i++) {
            restored.add(new Judged(subnets.get(i), losses[i], (int) ages[i]));
        }
        judged = List.copyOf(restored);
    }

    /** The choices of subnets, a row for each. */
    static Tensor choices(List<Architecture> subnets) {
        int positions = subnets.isEmpty() ? 0 : subnets.get(0).choices().size();
        float[] values = new float[subnets.size() * positions];
        for (int i = 0; i < values.length; i++) {
            values[i] = subnets.get(i / positions).choice(i % positions);
        }
        return new Tensor(List.of(subnets.size(), positions), values);
    }

    /** The subnets that {@link #choices} was given. */
    static List<Architecture> subnets(Tensor choices) {
        int positions = choices.shape().get(1);
        List<Architecture> subnets = new ArrayList<>();
        for (int row = 0; row < choices.shape().get(0); row++) {
            List<Integer> one = new ArrayList<>();
            for (int position = 0; position < positions; position++) {
                one.add((int) choices.values()[row * positions + position]);
            }
            subnets.add(new Architecture(one));
        }
        return subnets;
    }
}
