package example;

import io.efsnas.space.Architecture;
import io.efsnas.provider.Settings;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Trains, of a few random subnets, the one whose choices have been trained least so far. */
public final class LeastTrainedScheme implements TrainingSchemeProvider {

    @Override
    public String name() {
        return "least-trained";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("candidates", 3);
    }

    @Override
    public TrainingScheme create(SchemeSpec spec) {
        return new Scheme(new Settings(spec.settings()).whole("candidates", 1, 100));
    }

    private static final class Scheme implements TrainingScheme {

        private static final String COUNTS = "counts";

        /** No position of any space has as many choices. */
        private static final int WIDTH = 16;

        private final int candidates;

        /** How often each choice of each position was trained. */
        private float[] counts = new float[0];

        Scheme(int candidates) {
            this.candidates = candidates;
        }

        @Override
        public int subnetsPerStep(Subspace subspace) {
            return 1;
        }

        @Override
        public PendingEvaluation step(Supernet supernet, StepContext context) {
            Subspace subspace = context.node().subspace();
            int positions = subspace.space().choices().size();
            if (counts.length == 0) {
                counts = new float[positions * WIDTH];
            }
            Architecture least = Stream.generate(() -> subspace.sample(context.random()))
                    .limit(candidates)
                    .min(Comparator.comparing(this::trained))
                    .orElseThrow();
            for (int position = 0; position < positions; position++) {
                counts[position * WIDTH + least.choice(position)]++;
            }
            return context.train(supernet, List.of(least), Combination.MEAN);
        }

        private float trained(Architecture architecture) {
            float sum = 0;
            for (int position = 0; position < architecture.choices().size(); position++) {
                sum += counts[position * WIDTH + architecture.choice(position)];
            }
            return sum;
        }

        /** Checkpoints keep it, so that a search that was killed resumes to the same bits. */
        @Override
        public Map<String, Tensor> state() {
            return Map.of(COUNTS, new Tensor(List.of(counts.length), counts.clone()));
        }

        @Override
        public void restore(Map<String, Tensor> state) {
            counts = state.isEmpty() ? new float[0] : state.get(COUNTS).values().clone();
        }

        /** Workers of one supernet would count apart, so it always has one. */
        @Override
        public boolean suitsWorkers() {
            return false;
        }
    }
}
