package io.efsnas.driver;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.EngineNames;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.machine.KernelProfile;
import io.efsnas.supernet.machine.MachineCeilings;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Computes as {@code vector} does, but like the engine {@code cuda} it lets nobody look into its supernets, whose batch
 * norms learn nothing.
 */
public final class BlindEngine implements Engine {

    static final String NAME = "blind";

    private static Engine seeing() { // not a field, since this engine is among those that are looked through
        return Engine.named(EngineNames.VECTOR);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> missing() {
        return seeing().missing();
    }

    @Override
    public boolean servesGpus() {
        return false;
    }

    @Override
    public Set<Precision> precisions() {
        return seeing().precisions();
    }

    @Override
    public boolean inspects() {
        return false;
    }

    @Override
    public boolean takesLessons() {
        return false;
    }

    @Override
    public boolean recalibrates() {
        return false;
    }

    @Override
    public boolean computesAffineNorms() {
        return false;
    }

    @Override
    public String description(Device device) {
        return NAME;
    }

    @Override
    public boolean repeats(String description, int itsThreads, Device device, int threads) {
        return description.equals(NAME);
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources) {
        return new BlindSupernet(seeing().create(spec, resources));
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources, KernelProfile profile) {
        return new BlindSupernet(seeing().create(spec, resources, profile));
    }

    @Override
    public MachineCeilings ceilings(int threads) {
        return seeing().ceilings(threads);
    }

    private record BlindSupernet(Supernet seeing) implements Supernet {

        @Override
        public PendingEvaluation train(
                Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
            return seeing.train(batch, subnets, combination, learningRate);
        }

        @Override
        public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
            return seeing.score(batch, subnets);
        }

        @Override
        public SupernetState state() {
            return seeing.state();
        }

        @Override
        public void restore(SupernetState state) {
            seeing.restore(state);
        }

        @Override
        public boolean keeps(ImageSet images) {
            return seeing.keeps(images);
        }

        @Override
        public void rest() {
            seeing.rest();
        }

        @Override
        public void close() {
            seeing.close();
        }
    }
}
