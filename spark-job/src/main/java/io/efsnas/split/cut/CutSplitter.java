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
        List<ComparedPosition> positions = ComparedPosition.of(MaskSubspace.whole(space));
        if (positions.isEmpty()) {
            throw new IllegalArgumentException(
                    space.name() + " has no position with several choices that can be compared on one path");
        }
        return new CutSplitter(settings.whole(LEVELS, 1, positions.size()), probe);
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

    /** Those of equal distances at the first position. */
    @Override
    public List<Subspace> conceivable(Subspace whole) {
        MaskSubspace mask = MaskSubspace.of(whole);
        ComparedPosition first = ComparedPosition.of(mask).get(0);
        return ChoiceDistances.of(first, first.choices(), (one, other) -> 1).parts(mask);
    }

    @Override
    public List<Subspace> split(Subspace whole, Evidence evidence) {
        return ChoiceDistances.ofSplit(evidence)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the subspace " + whole.label() + " has no position left to be split"))
                .parts(MaskSubspace.of(whole));
    }
}
