package io.efsnas.split.cut;

import io.efsnas.provider.Settings;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Probe;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Splits at the position whose cut is worth the most, by {@link ChoiceDistances} that a probe measures: its choices are cut
 * into two groups that are as alike as possible within. A position is split once.
 */
public final class CutSplitter implements Splitter {

    /** The setting of how many times in a row supernets are split. */
    public static final String LEVELS = "levels";

    private static final int PARTS = 2;

    private final int levels;
    private final Probe probe;

    private CutSplitter(int levels, Probe probe) {
        this.levels = levels;
        this.probe = probe;
    }

    /**
     * A splitter of a space.
     *
     * @param settings with {@link #LEVELS}
     * @param probe gives evidence of distances and of what the cuts are worth
     * @throws IllegalArgumentException with the key of a setting that is not accepted, a colon, and what is; or why the space
     *     cannot be split in this way
     */
    public static CutSplitter of(SearchSpace space, Settings settings, Probe probe) {
        if (Collections.max(space.choices()) > BalancedCut.MOST) {
            throw new IllegalArgumentException(space.name() + " has a position with " + Collections.max(space.choices())
                    + " choices; expected at most " + BalancedCut.MOST);
        }
        int most = mostLevels(MaskSubspace.whole(space));
        if (most == 0) {
            throw new IllegalArgumentException(
                    space.name() + " has no position whose choices can be compared on one path"
                            + " and cut into two parts of several architectures");
        }
        return new CutSplitter(settings.whole(LEVELS, 1, most), probe);
    }

    /** How many times in a row the smaller part can be split again, if all distances are equal. */
    private static int mostLevels(MaskSubspace whole) {
        int levels = 0;
        MaskSubspace part = whole;
        while (!ComparedPosition.of(part).isEmpty()) {
            part = evenly(part).get(0);
            if (!part.hasAtLeast(2)) {
                break;
            }
            levels++;
        }
        return levels;
    }

    /** The parts of equal distances at the first position. */
    private static List<MaskSubspace> evenly(MaskSubspace whole) {
        return ComparedPosition.of(whole).get(0).evenly();
    }

    @Override
    public int parts() {
        return PARTS;
    }

    @Override
    public int levels() {
        return levels;
    }

    @Override
    public Optional<Probe> probe() {
        return Optional.of(probe);
    }

    @Override
    public List<Subspace> conceivable(Subspace whole) {
        return List.copyOf(evenly(MaskSubspace.of(whole)));
    }

    @Override
    public List<Subspace> split(Subspace whole, Evidence evidence) {
        return List.copyOf(ChoiceDistances.ofSplit(evidence)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the subspace " + whole.label() + " has no position left to be split"))
                .parts(MaskSubspace.of(whole)));
    }
}
