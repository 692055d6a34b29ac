package io.efsnas.space.darts;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.Architecture;
import io.efsnas.space.CellGraph;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The space of DARTS (Liu, Simonyan, Yang, <i>DARTS: Differentiable Architecture Search</i>, ICLR 2019): a normal and a
 * reduction cell, each with four nodes after its two inputs, and one of eight operations, {@code none} among them, on each
 * of the 14 edges between them: 8^28 architectures. The genotypes of DARTS, whose nodes have two inputs each, are among
 * them.
 *
 * <p>One operation an edge is what Oh, Lee and Ham (AAAI 2025) sample in their code for this space, though they give both
 * cells the same operations. Architectures with a node that nothing enters, whose channels would all be 0, are left out.
 *
 * <p>The count of an architecture is the largest number of ReLUs on a path through its normal cell plus the same of its
 * reduction cell, after the count of Oh, Lee and Ham for cells: a separable convolution has two, a dilated one has one, and
 * so has a skip connection that halves the resolution. Those that prepare the inputs are in every cell and not counted.
 */
public final class DartsSpace implements SearchSpace, Counted {

    private static final long serialVersionUID = 1;

    /** With fewer there is no normal cell. */
    private static final int FEWEST_CELLS = 3;

    private static final int STANDARD_CHANNELS = 36;
    private static final int STANDARD_CELLS = 20;

    /** Counted once by a process, and only if somebody asks. */
    private static final class Counts {
        static final CellCounts NORMAL = new CellCounts(Cell.NORMAL);
        static final CellCounts REDUCTION = new CellCounts(Cell.REDUCTION);
        static final SortedMap<Integer, BigInteger> OF_NORMAL = NORMAL.sizes();
        static final SortedMap<Integer, BigInteger> OF_REDUCTION = REDUCTION.sizes();
        static final SortedMap<Integer, BigInteger> OF_BOTH = Collections.unmodifiableSortedMap(both());

        private static SortedMap<Integer, BigInteger> both() {
            SortedMap<Integer, BigInteger> sizes = new TreeMap<>();
            OF_NORMAL.forEach((normal, versions) -> OF_REDUCTION.forEach(
                    (reduction, each) -> sizes.merge(normal + reduction, versions.multiply(each), BigInteger::add)));
            return sizes;
        }
    }

    @Override
    public String name() {
        return "darts";
    }

    @Override
    public List<Integer> choices() {
        return Collections.nCopies(2 * Cell.EDGES.size(), Operation.VALUES.length);
    }

    @Override
    public OptionalInt emptyChoice(int position) {
        return OptionalInt.of(Operation.NONE.ordinal());
    }

    @Override
    public Architecture parse(String text) {
        return GenotypeText.parse(text);
    }

    @Override
    public String format(Architecture architecture) {
        return GenotypeText.format(architecture);
    }

    @Override
    public boolean connected(Architecture architecture) {
        return Cell.NORMAL.connected(architecture) && Cell.REDUCTION.connected(architecture);
    }

    @Override
    public int nonlinearities(Architecture architecture) {
        return Cell.NORMAL.nonlinearities(architecture) + Cell.REDUCTION.nonlinearities(architecture);
    }

    @Override
    public SortedMap<Integer, BigInteger> sizes() {
        return Counts.OF_BOTH;
    }

    /** Draws the counts of both cells by how many architectures have them, and then each cell by itself. */
    @Override
    public Optional<Architecture> sample(List<Integer> counts, RandomGenerator random) {
        BigInteger rank =
                below(counts.stream().map(Counts.OF_BOTH::get).reduce(BigInteger.ZERO, BigInteger::add), random);
        for (int normal : Counts.OF_NORMAL.keySet()) {
            for (int reduction : Counts.OF_REDUCTION.keySet()) {
                if (counts.contains(normal + reduction)) {
                    rank = rank.subtract(Counts.OF_NORMAL.get(normal).multiply(Counts.OF_REDUCTION.get(reduction)));
                    if (rank.signum() < 0) {
                        List<Integer> choices = new ArrayList<>(Counts.NORMAL.sample(normal, random));
                        choices.addAll(Counts.REDUCTION.sample(reduction, random));
                        return Optional.of(new Architecture(choices));
                    }
                }
            }
        }
        throw new IllegalStateException("no draw of " + counts);
    }

    /** Uniform from 0 to below a bound. */
    private static BigInteger below(BigInteger bound, RandomGenerator random) {
        BigInteger drawn;
        do {
            byte[] bytes = new byte[bound.bitLength() / Byte.SIZE + 1];
            random.nextBytes(bytes);
            drawn = new BigInteger(1, bytes).mod(BigInteger.ONE.shiftLeft(bound.bitLength()));
        } while (drawn.compareTo(bound) >= 0);
        return drawn;
    }

    @Override
    public int standardChannels() {
        return STANDARD_CHANNELS;
    }

    /** Of the whole network. */
    @Override
    public OptionalInt standardCells() {
        return OptionalInt.of(STANDARD_CELLS);
    }

    @Override
    public int fewestCells() {
        return FEWEST_CELLS;
    }

    @Override
    public Network network(Architecture architecture, ModelSize size) {
        requireSuited(architecture, size);
        return CellStack.live(architecture, size);
    }

    private void requireSuited(Architecture architecture, ModelSize size) {
        if (!connected(architecture)) {
            throw new IllegalArgumentException("a node has no input in " + format(architecture));
        }
        if (size.image().height() % 4 != 0 || size.image().width() % 4 != 0) {
            throw new IllegalArgumentException("the resolution must be a multiple of 4 for " + name()
                    + ", which halves it twice, not " + size.image());
        }
        if (size.cells() < FEWEST_CELLS) {
            throw new IllegalArgumentException("a network of " + name() + " needs at least " + FEWEST_CELLS
                    + " cells, two of which reduce, not " + size.cells());
        }
    }

    /** With cells that the output does not depend on, and what prepares inputs that a cell does not use, as in DARTS. */
    @Override
    public Cost cost(Architecture architecture, ModelSize size) {
        requireSuited(architecture, size);
        return CellStack.whole(architecture, size).cost();
    }

    /** A cell takes the outputs of two earlier ones. */
    @Override
    public boolean hasBlocks() {
        return false;
    }

    @Override
    public List<CellGraph> drawings(Architecture architecture) {
        return Cell.BOTH.stream().map(cell -> cell.drawing(architecture)).toList();
    }

    /** Of the normal cell. */
    @Override
    public List<List<Integer>> edgesIntoNodes() {
        return IntStream.range(Cell.INPUTS, Cell.NODES)
                .mapToObj(node -> Cell.into(node).stream()
                        .map(edge -> Cell.NORMAL.first() + edge.index())
                        .toList())
                .toList();
    }

    /** Skip connections have weights where they halve the resolution. */
    @Override
    public List<Architecture> covering() {
        return Stream.of(
                        Operation.SEPARABLE_3X3,
                        Operation.SEPARABLE_5X5,
                        Operation.DILATED_3X3,
                        Operation.DILATED_5X5,
                        Operation.SKIP)
                .map(operation -> new Architecture(Collections.nCopies(2 * Cell.EDGES.size(), operation.ordinal())))
                .toList();
    }
}
