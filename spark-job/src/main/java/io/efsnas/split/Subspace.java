package io.efsnas.split;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.List;

/**
 * The architectures of a space that have one of a few counts of nonlinear functions; each subspace has a supernet of
 * its own.
 *
 * @param index position among the subspaces of a {@link Partition}, from 0
 * @param counts the numbers of nonlinear functions, ascending
 * @param size how many connected architectures it holds
 */
public record Subspace(int index, List<Integer> counts, BigInteger size) implements Serializable {

    public Subspace {
        counts = counts.stream().sorted().toList();
    }

    /** The counts as people write them, such as {@code 0,1}. */
    public String label() {
        return String.join(",", counts.stream().map(String::valueOf).toList());
    }
}
