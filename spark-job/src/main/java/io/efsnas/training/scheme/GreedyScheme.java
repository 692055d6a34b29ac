package io.efsnas.training.scheme;

import io.efsnas.data.Batch;
import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.training.HeldOutUse;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import io.efsnas.training.scheme.CandidatePool.Judged;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Trains the more promising of the subnets that it draws (You et al., GreedyNAS, CVPR 2020). After a share of the training
 * in which subnets are drawn uniformly, it draws candidates, runs them forward on images that no weight is trained on, and
 * trains those with the smallest losses, one after another. All candidates go to a pool of the best ones, from which a
 * rising share of the next candidates is drawn. What has not been judged for long leaves the pool, for it was judged with
 * other weights. If it is set so, training ends once the pool is stable.
 */
final class GreedyScheme implements TrainingScheme {

    private static final String CANDIDATES = "candidates";
    private static final String TRAINED = "trained";
    private static final String IMAGES = "images";
    private static final String UNIFORM_UNTIL = "uniform-until";
    private static final String POOL = "pool";
    private static final String POOL_AGE = "pool-age";
    private static final String POOL_SHARE = "pool-share";
    private static final String POOL_SHARE_AT = "pool-share-at";
    private static final String STOP_OVERLAP = "stop-overlap";
    private static final String STOP_DRAWS = "stop-draws";

    /** As an overlap: training takes all its steps. */
    private static final String NONE = "none";

    /** The name of the tensor of the subnets to be trained next. */
    private static final String QUEUE = "queue.choices";

    /** Whole numbers up to this one are exact in 32 bits. */
    private static final int MOST_EXACT = 1 << 24;

    /**
     * How it is set.
     *
     * @param candidates the number of subnets that are drawn and judged at a time
     * @param trained the number of them that are trained
     * @param images the number of images on which they are judged
     * @param uniformUntil the share of the training before which nothing is judged
     * @param pool the most subnets in the pool
     * @param poolAge the number of draws after which one that was not judged again leaves the pool
     * @param poolShare the share of candidates that is drawn from the pool once it has risen
     * @param poolShareAt the share of the training at which it has
     * @param stopOverlap the share of the pool that has to stay for the training to end early, if it may
     * @param stopDraws the number of draws for which it has to
     */
    private record Setting(
            int candidates,
            int trained,
            int images,
            double uniformUntil,
            int pool,
            int poolAge,
            double poolShare,
            double poolShareAt,
            OptionalDouble stopOverlap,
            int stopDraws) {

        static Setting of(Settings settings) {
            int candidates = settings.whole(CANDIDATES, 1, MOST_EXACT);
            double uniformUntil = settings.share(UNIFORM_UNTIL);
            double poolShareAt = settings.share(POOL_SHARE_AT);
            if (poolShareAt <= uniformUntil) {
                throw Settings.refusal(POOL_SHARE_AT, "a number above " + UNIFORM_UNTIL + " = " + uniformUntil);
            }
            return new Setting(
                    candidates,
                    settings.whole(TRAINED, 1, candidates),
                    settings.whole(IMAGES, 2, Integer.MAX_VALUE),
                    uniformUntil,
                    settings.whole(POOL, 1, MOST_EXACT),
                    settings.whole(POOL_AGE, 1, MOST_EXACT),
                    settings.share(POOL_SHARE),
                    poolShareAt,
                    settings.shareOr(STOP_OVERLAP, NONE),
                    settings.whole(STOP_DRAWS, 1, MOST_EXACT));
        }

        Optional<PoolStability> stability() {
            return stopOverlap.isPresent()
                    ? Optional.of(new PoolStability(pool, stopOverlap.getAsDouble(), stopDraws))
                    : Optional.empty();
        }
    }

    private final int subnetsPerStep;
    private final Setting setting;
    private final CandidatePool pool;
    /** Present if training may end early. */
    private final Optional<PoolStability> stability;
    /** Subnets to be trained next. */
    private final Deque<Architecture> queue = new ArrayDeque<>();

    private GreedyScheme(int subnetsPerStep, Setting setting) {
        this.subnetsPerStep = subnetsPerStep;
        this.setting = setting;
        this.pool = new CandidatePool(setting.pool, setting.poolAge);
        this.stability = setting.stability();
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return subnetsPerStep;
    }

    @Override
    public HeldOutUse heldOut() {
        double judgedForOne = (double) setting.candidates / setting.trained;
        return new HeldOutUse(setting.images, (1 - setting.uniformUntil) * subnetsPerStep * judgedForOne);
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        List<Architecture> subnets = new ArrayList<>(subnetsPerStep);
        while (subnets.size() < subnetsPerStep) {
            if (context.progress() < setting.uniformUntil) {
                subnets.add(context.node().subspace().sample(context.random()));
            } else {
                if (queue.isEmpty()) {
                    judge(supernet, context);
                }
                subnets.add(queue.removeFirst());
            }
        }
        return context.train(supernet, subnets, Combination.MEAN);
    }

    /**
     * The probability with which a candidate is drawn from the pool.
     *
     * @param progress the share of the training before it
     */
    double shareFromPool(double progress) {
        double risen = (progress - setting.uniformUntil) / (setting.poolShareAt - setting.uniformUntil);
        return setting.poolShare * Math.max(0, Math.min(1, risen));
    }

    /** Draws candidates, puts all of them into the pool and the best ones into the queue. */
    private void judge(Supernet supernet, StepContext context) {
        List<Architecture> candidates = candidates(context);
        double[] losses = new double[candidates.size()];
        for (Batch batch : context.heldOut().batches(setting.images)) {
            List<Evaluation> evaluations = supernet.score(batch, candidates);
            for (int i = 0; i < losses.length; i++) {
                losses[i] += evaluations.get(i).lossSum();
            }
        }
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            judged.add(new Judged(candidates.get(i), (float) (losses[i] / setting.images), 0));
        }
        judged.stream().sorted().limit(setting.trained).map(Judged::subnet).forEach(queue::add);
        pool.add(judged);
        stability.ifPresent(stable -> stable.drawn(pool.subnets()));
    }

    /** Of those drawn twice only one. */
    private List<Architecture> candidates(StepContext context) {
        RandomGenerator random = context.random();
        double shareFromPool = shareFromPool(context.progress());
        Set<Architecture> drawn = new LinkedHashSet<>();
        for (int i = 0; i < setting.candidates; i++) {
            boolean fromPool = random.nextDouble() < shareFromPool && !pool.isEmpty();
            drawn.add(fromPool ? pool.draw(random) : context.node().subspace().sample(random));
        }
        return List.copyOf(drawn);
    }

    /** Not of a pool and a queue of its own. */
    @Override
    public boolean suitsWorkers() {
        return false;
    }

    @Override
    public boolean mayEndEarly() {
        return stability.isPresent();
    }

    @Override
    public boolean hasEnded() {
        return stability.filter(PoolStability::isReached).isPresent();
    }

    /** In a fixed order, so that equal states are equal files. */
    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new TreeMap<>(pool.state());
        state.put(QUEUE, CandidatePool.choices(List.copyOf(queue)));
        stability.ifPresent(stable -> state.putAll(stable.state()));
        return state;
    }

    @Override
    public void restore(Map<String, Tensor> state) {
        if (!state.isEmpty()) {
            pool.restore(state);
            queue.addAll(CandidatePool.subnets(state.get(QUEUE)));
            stability.ifPresent(stable -> stable.restore(state));
        }
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        /** Those of the paper, but for the images and the pool, which were 1,000 each in a far larger space. */
        private static final Map<String, Object> DEFAULTS = Map.of(
                CANDIDATES, 10,
                TRAINED, 5,
                IMAGES, 128,
                UNIFORM_UNTIL, 0.067,
                POOL, 100,
                POOL_AGE, 500,
                POOL_SHARE, 0.8,
                POOL_SHARE_AT, 0.962,
                STOP_OVERLAP, NONE,
                STOP_DRAWS, 100);

        @Override
        public String name() {
            return "greedy";
        }

        @Override
        public Map<String, Object> defaults() {
            return DEFAULTS;
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            return new GreedyScheme(spec.subnetsPerStep(), Setting.of(new Settings(spec.settings())));
        }
    }
}
