package io.efsnas.split.gradient;

import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Probe;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Splits at the position whose choices differ most: it cuts the choices of each position into two groups that are as alike
 * as possible within, and takes the position with the largest sum of distances across its cut. A position is split once.
 */
final class GradientSplitter implements Splitter {

    private static final int PARTS = 2;

    private final int levels;
    private final GradientProbe probe;

    GradientSplitter(int levels, int batches) {
        this.levels = levels;
        this.probe = new GradientProbe(batches);
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

    /** Those of equal distances. */
    @Override
    public List<Subspace> conceivable(Subspace whole) {
        return split(whole, any -> 1);
    }

    @Override
    public List<Subspace> split(Subspace whole, Evidence evidence) {
        return split(whole, evidence.values()::get);
    }

    private static List<Subspace> split(Subspace whole, ToDoubleFunction<String> distances) {
        double most = Double.NEGATIVE_INFINITY;
        List<Subspace> parts = List.of();
        for (ComparedPosition compared : ComparedPosition.of(MaskSubspace.of(whole))) {
            BalancedCut cut = compared.cut(distances);
            if (cut.across() > most) {
                most = cut.across();
                parts = compared.parts(cut);
            }
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("the subspace " + whole.label() + " has no position left to be split");
        }
        return parts;
    }
}
