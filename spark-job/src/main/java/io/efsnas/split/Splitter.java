package io.efsnas.split;

import java.util.List;
import java.util.Optional;

/**
 * How the subspace of a supernet is split, so that each part gets a supernet of its own. Which architectures may share
 * weights is what few-shot search is about; implementations are found through {@link SplitterProvider}.
 */
public interface Splitter {

    /**
     * How many parts come of all of the space, and of any subspace if it is measured first: it decides who takes how many
     * steps before anything is measured.
     */
    int parts();

    /** How many times in a row supernets are split, each time after they were trained; more than once needs a warm start. */
    default int levels() {
        return 1;
    }

    /**
     * What splits the supernets of a level.
     *
     * @param level from 0
     */
    default Splitter at(int level) {
        return this;
    }

    /**
     * How the one part is found that is kept once all have been trained; empty if all are kept. Then only that part is split
     * again or scored, and each supernet takes its own steps alone. Only of a splitter with a {@link #probe}.
     */
    default Optional<Choice> choice() {
        return Optional.empty();
    }

    /** How many supernets there are after the last level. */
    default int leaves() {
        if (choice().isPresent()) {
            return 1;
        }
        int leaves = 1;
        for (int level = 0; level < levels(); level++) {
            leaves = Math.multiplyExact(leaves, at(level).parts());
        }
        return leaves;
    }

    /** What has to be measured of the trained supernet first; empty if nothing. */
    default Optional<Probe> probe() {
        return Optional.empty();
    }

    /**
     * Parts that may come of a subspace when it is measured, so that what cannot train such parts is refused before it is;
     * empty if nobody knows.
     */
    default List<Subspace> conceivable(Subspace whole) {
        return List.of();
    }

    /**
     * The parts. The same subspace and evidence give the same parts, on every machine.
     *
     * @param evidence what the probe measured; {@link Evidence#NONE} without one
     * @return {@link #parts} of them, or fewer of a part that is not measured, in which every architecture of the whole is once
     * @throws IllegalArgumentException if a subspace of this kind cannot be split in this way
     */
    List<Subspace> split(Subspace whole, Evidence evidence);
}
