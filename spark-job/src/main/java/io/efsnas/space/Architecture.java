package io.efsnas.space;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One point of a search space: the choice made at each of its positions. What the numbers mean, and how they are
 * written as text, only the {@link SearchSpace} knows.
 */
public record Architecture(List<Integer> choices) implements Comparable<Architecture>, Serializable {

    public Architecture {
        choices = List.copyOf(choices);
    }

    public static Architecture of(Integer... choices) {
        return new Architecture(Arrays.asList(choices));
    }

    public int choice(int position) {
        return choices.get(position);
    }

    /** The same with another choice at a position. */
    public Architecture with(int position, int choice) {
        List<Integer> changed = new ArrayList<>(choices);
        changed.set(position, choice);
        return new Architecture(changed);
    }

    /** Orders by the first position that differs. */
    @Override
    public int compareTo(Architecture other) {
        for (int i = 0; i < Math.min(choices.size(), other.choices.size()); i++) {
            int order = Integer.compare(choices.get(i), other.choices.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(choices.size(), other.choices.size());
    }
}
