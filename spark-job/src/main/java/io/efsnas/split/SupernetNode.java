package io.efsnas.split;

import io.efsnas.network.ModelSize;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A supernet of the tree.
 *
 * @param id {@code root}, or which part of which part it serves, such as {@code 2} or {@code 0.1}: its checkpoints, rounds,
 *     metrics and log lines carry it
 * @param origin the id of the supernet that it is a part of, whose weights and momenta it begins with unless its phase
 *     restarts; empty if it is a part of none
 * @param subspace what it serves
 * @param strata the parts of it that its steps sample in turn: those that it will be split into where that is known before,
 *     else itself alone
 * @param size the size of its network
 * @param phase when it is trained
 * @param width how many supernets at the end of the tree it stands for; it takes the steps of all of them
 */
public record SupernetNode(
        String id, String origin, Subspace subspace, List<Subspace> strata, ModelSize size, Phase phase, int width)
        implements Serializable {

    /** The id of a supernet for all of a space that is trained before it is split. */
    public static final String ROOT = "root";

    private static final Pattern ID = Pattern.compile(ROOT + "|\\d+(\\.\\d+)*");
    private static final String NO_ORIGIN = "";

    /** Fewer parts than this come of one supernet. */
    private static final int MOST_PARTS = 1 << 10;

    /** That of {@link #ROOT}; those of the others are at least 0. */
    private static final long ROOT_KEY = -1;

    public SupernetNode {
        strata = List.copyOf(strata);
        if (!ID.matcher(id).matches() || width < 1 || strata.isEmpty()) {
            throw new IllegalArgumentException(
                    "no supernet has the id '" + id + "', the width " + width + " and the strata " + strata);
        }
    }

    /** The one that is trained for the whole of a space before it is split. */
    public static SupernetNode root(Subspace whole, List<Subspace> strata, ModelSize size, Phase phase, int width) {
        return new SupernetNode(ROOT, NO_ORIGIN, whole, strata, size, phase, width);
    }

    /** One of several that begin with weights of their own. */
    public static SupernetNode independent(int part, Subspace subspace, ModelSize size, Phase phase) {
        return new SupernetNode(Integer.toString(part), NO_ORIGIN, subspace, List.of(subspace), size, phase, 1);
    }

    /** One that is a part of this one, and begins as a copy of it unless its phase restarts. */
    public SupernetNode child(
            int part, Subspace of, List<Subspace> itsStrata, ModelSize itsSize, Phase next, int itsWidth) {
        String itsId = id.equals(ROOT) ? Integer.toString(part) : id + "." + part;
        return new SupernetNode(itsId, id, of, itsStrata, itsSize, next, itsWidth);
    }

    /** The id of the supernet that it is a part of. */
    public Optional<String> parent() {
        return origin.isEmpty() ? Optional.empty() : Optional.of(origin);
    }

    /** What people call it. */
    public String describe() {
        return describe(id);
    }

    /** What people call the supernet of an id. */
    public static String describe(String id) {
        return "supernet " + id;
    }

    /** Steps of its own that it has, by those who stand before it, when its training begins. */
    public long firstStep() {
        return width * phase.fromStep();
    }

    /** The same when its training has ended. */
    public long lastStep() {
        return width * phase.toStep();
    }

    /** What tells its random numbers from those of every other supernet; it depends on the id alone. */
    public long key() {
        if (id.equals(ROOT)) {
            return ROOT_KEY;
        }
        // Digits of a bijective numeration, so that 0.0 is another number than 0.
        return Arrays.stream(id.split("\\."))
                .mapToLong(Long::parseLong)
                .reduce((above, part) -> Math.addExact(Math.multiplyExact(above + 1, MOST_PARTS), part))
                .orElseThrow();
    }
}
