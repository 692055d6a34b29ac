package io.efsnas.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.RoundProgress;
import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.data.Dataset;
import io.efsnas.data.TestImages;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.format.ImageSet;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.nasbench201.NasBench201Space;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.split.TestTrees;
import io.efsnas.split.count.CountSplitter;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.FakeSupernet;
import io.efsnas.supernet.FakeSupernet.Step;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupernetTrainerTest {

    private static final SchemeSpec BALANCED = new SchemeSpec("balanced", 3, Map.of());
    private static final TrainingPlan PLAN =
            new TrainingPlan(40, BALANCED, 8, new LearningRatePlan(0.1, 0.001), 0, 0, new Augmentation(true, 1), 5);
    private static final NasBench201Space SPACE = new NasBench201Space();
    private static final SupernetTree TREE = TestTrees.warmStart(SPACE, CountSplitter.even(SPACE, 3), 20, 40);
    private static final SupernetNode NODE = TREE.node("1");

    @TempDir
    private Path directory;

    private Dataset dataset;
    private CheckpointStore checkpoints;
    private SupernetTrainer trainer;
    /** What the listener to steps was told. */
    private final List<RoundProgress> told = new ArrayList<>();

    @BeforeEach
    void prepare() {
        dataset = TestImages.dataset(directory, 60);
        checkpoints = new CheckpointStore(
                directory.resolve("checkpoints").toUri().toString(), NODE.describe(), 2, new Configuration());
        trainer = trainer(NODE);
    }

    private SupernetTrainer trainer(SupernetNode node) {
        return new SupernetTrainer(PLAN, BALANCED.create(), node, dataset, checkpoints, 0, told::add);
    }

    @Test
    void stepsTakeTheirBatchesSubnetsAndLearningRatesInOrder() throws IOException {
        FakeSupernet supernet = new FakeSupernet();

        trainer.train(supernet, RoundProgress.from(4), 17, step -> false);

        TrainingBatches batches = batches();
        assertThat(supernet.steps()).hasSize(13);
        for (int i = 0; i < 13; i++) {
            Step step = supernet.steps().get(i);
            Batch batch = batches.batch(4 + i);
            SplittableRandom random = KeyedRandom.of(5, Purpose.TRAINED_SUBNETS, NODE.key(), 4 + i);
            assertThat(step.labels())
                    .isEqualTo(IntStream.of(batch.labels()).boxed().toList());
            assertThat(step.images()).hasSize(batch.images().length).first().isEqualTo(batch.images()[0]);
            assertThat(step.subnets())
                    .isEqualTo(Stream.generate(() -> NODE.subspace().sample(random))
                            .limit(3)
                            .toList())
                    .allSatisfy(subnet -> assertThat(TREE.leafOf(subnet)).isEqualTo(NODE));
            assertThat(step.learningRate()).isEqualTo(PLAN.learningRate(NODE, 4 + i));
        }
    }

    @Test
    void aSchemeGetsAsManyViewsAsItAsksForAtEachStep() throws IOException {
        Map<Long, List<Batch>> views = new HashMap<>();
        TrainingScheme scheme = new TrainingScheme() {
            @Override
            public int subnetsPerStep(Subspace subspace) {
                return 1;
            }

            @Override
            public int views(double progress) {
                return progress < 0.25 ? 3 : 1;
            }

            @Override
            public PendingEvaluation step(Supernet supernet, StepContext context) {
                views.put(context.step(), context.views());
                assertThat(context.batch()).isSameAs(context.views().get(0));
                return PendingEvaluation.of(new Evaluation(8, 0, 0));
            }
        };
        new SupernetTrainer(PLAN, scheme, NODE, dataset, checkpoints, 0, told::add)
                .train(new FakeSupernet(), RoundProgress.from(6), 14, step -> false);

        TrainingBatches batches = batches();
        for (long step = 6; step < 14; step++) {
            List<Batch> its = views.get(step);
            assertThat(its).hasSize(step < 10 ? 3 : 1);
            for (int number = 0; number < its.size(); number++) {
                assertThat(its.get(number).images())
                        .isEqualTo(batches.view(step, number).images());
            }
        }
    }

    @Test
    void shareOfAWorkerIsTheSameStepsAndWritesNothing() throws IOException {
        FakeSupernet whole = new FakeSupernet();
        trainer.train(whole, RoundProgress.from(4), 17, step -> false);
        FakeSupernet share = new FakeSupernet();
        CheckpointStore none = new CheckpointStore(
                directory.resolve("none").toUri().toString(), NODE.describe(), 2, new Configuration());
        SupernetTrainer worker = new SupernetTrainer(PLAN, BALANCED.create(), NODE, dataset, none, 1, told::add);

        RoundProgress taken = worker.trainShare(share, 9, 13, step -> false);

        assertThat(share.steps())
                .usingRecursiveComparison()
                .isEqualTo(whole.steps().subList(5, 9));
        assertThat(taken.fromStep()).isEqualTo(9);
        assertThat(taken.step()).isEqualTo(13);
        assertThat(taken.evaluation().images()).isEqualTo(4 * 8);
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> worker.trainShare(share, 9, 13, step -> step == 11));
        assertThat(none.latestOfRound(0, 100)).isEmpty();
    }

    /** The warm start of three supernets takes 60 steps in the time of 20 of theirs, which go on from there. */
    @Test
    void theLearningRateOfAWarmStartIsThatOfTheStepsItStandsFor() throws IOException {
        FakeSupernet warmStart = new FakeSupernet();
        trainer(TREE.node(SupernetNode.ROOT)).train(warmStart, RoundProgress.from(0), 60, step -> false);
        FakeSupernet after = new FakeSupernet();
        trainer.train(after, RoundProgress.from(20), 21, step -> false);

        for (int step = 0; step < 60; step++) {
            assertThat((double) warmStart.steps().get(step).learningRate())
                    .isCloseTo(0.001 + 0.099 * (1 + Math.cos(Math.PI * step / 120)) / 2, within(1e-8));
        }
        assertThat(after.steps().get(0).learningRate())
                .isLessThan(warmStart.steps().get(59).learningRate())
                .isCloseTo(warmStart.steps().get(59).learningRate(), within(0.0014f));
        assertThat(after.steps().get(0).learningRate()).isEqualTo(0.0505f);
    }

    private TrainingBatches batches() {
        return new TrainingBatches(dataset.train(), dataset.normalization(), 8, PLAN.augmentation(), 5, NODE.key());
    }

    @Test
    void metricsAreMeansOverTheRound() throws IOException {
        FakeSupernet supernet = new FakeSupernet();

        RoundMetrics metrics = trainer.train(supernet, RoundProgress.from(3), 9, step -> false);

        double correct = 0;
        double loss = 0;
        for (int i = 0; i < 6; i++) {
            Evaluation evaluation = FakeSupernet.evaluation(
                    batches().batch(3 + i), supernet.steps().get(i).subnets().get(0));
            correct += evaluation.correct();
            loss += evaluation.lossSum();
        }
        assertThat(metrics.node()).isEqualTo(NODE.id());
        assertThat(metrics.fromStep()).isEqualTo(3);
        assertThat(metrics.toStep()).isEqualTo(9);
        assertThat(metrics.images()).isEqualTo(6 * 8);
        assertThat(metrics.subnets()).isEqualTo(6 * 3);
        assertThat(metrics.accuracy()).isCloseTo(correct / 48, within(1e-12)).isBetween(0.01, 0.99);
        assertThat(metrics.loss()).isCloseTo(loss / 48, within(1e-9));
        assertThat(metrics.trainingSeconds()).isPositive();
        assertThat(metrics.dataSeconds()).isPositive();
        assertThat(metrics.checkpointSeconds()).isPositive();
        assertThat(metrics.imagesPerSecond()).isCloseTo(48 / metrics.trainingSeconds(), within(1e-6));
        assertThat(told.stream().map(RoundProgress::step)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
        RoundProgress last = told.get(5);
        assertThat(last.fromStep()).isEqualTo(3);
        assertThat(last.evaluation().loss()).isEqualTo(metrics.loss());
        assertThat(last.evaluation().accuracy()).isEqualTo(metrics.accuracy());
        assertThat(last.trainingSeconds()).isEqualTo(metrics.trainingSeconds());
    }

    @Test
    void aRoundEndsWithACheckpointOfTheSupernet() throws IOException {
        FakeSupernet supernet = new FakeSupernet();

        trainer.train(supernet, RoundProgress.from(0), 7, step -> false);

        Checkpoint checkpoint = checkpoints.latest(40).orElseThrow();
        assertThat(checkpoint.step()).isEqualTo(7);
        assertThat(checkpoint.state()).usingRecursiveComparison().isEqualTo(supernet.state());
    }

    @Test
    void checkpointsHaveWhatTheSchemeRemembers() throws IOException {
        Counting scheme = new Counting();
        SupernetTrainer counted = new SupernetTrainer(PLAN, scheme, NODE, dataset, checkpoints, 3, told::add);

        RoundMetrics metrics = counted.train(new FakeSupernet(), RoundProgress.from(0), 4, step -> {
            if (step == 3) {
                assertThat(count(latestOfRound(0, 4))).isEqualTo(3);
            }
            return false;
        });

        assertThat(count(checkpoints.load(4))).isEqualTo(4);
        assertThat(metrics.subnets()).isEqualTo(4 * 2);
    }

    private static float count(Checkpoint checkpoint) {
        return checkpoint.scheme().get("count").values()[0];
    }

    private Checkpoint latestOfRound(long fromStep, long toStep) {
        try {
            return checkpoints.latestOfRound(fromStep, toStep).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Trains two subnets in a step and remembers how many steps there were. */
    private static final class Counting implements TrainingScheme {
        private int steps;

        @Override
        public int subnetsPerStep(Subspace subspace) {
            return 2;
        }

        @Override
        public PendingEvaluation step(Supernet supernet, StepContext context) {
            steps++;
            Architecture subnet = context.node().subspace().sample(context.random());
            return supernet.train(context.batch(), List.of(subnet, subnet), context.learningRate());
        }

        @Override
        public Map<String, Tensor> state() {
            return Map.of("count", new Tensor(List.of(), new float[] {steps}));
        }
    }

    /** Trains like {@link Counting}, until it has taken so many steps. */
    private static final class Ending implements TrainingScheme {
        private final int end;
        private int steps;

        Ending(int end) {
            this.end = end;
        }

        @Override
        public int subnetsPerStep(Subspace subspace) {
            return 2;
        }

        @Override
        public PendingEvaluation step(Supernet supernet, StepContext context) {
            steps++;
            Architecture subnet = context.node().subspace().sample(context.random());
            return supernet.train(context.batch(), List.of(subnet, subnet), context.learningRate());
        }

        @Override
        public boolean hasEnded() {
            return steps >= end;
        }

        @Override
        public Map<String, Tensor> state() {
            return Map.of("count", new Tensor(List.of(), new float[] {steps}));
        }

        @Override
        public void restore(Map<String, Tensor> state) {
            steps = (int) state.get("count").values()[0];
        }
    }

    @Test
    void stepsAfterTheEndOfATrainingThatEndsEarlyAreSkipped() throws IOException {
        FakeSupernet whole = new FakeSupernet();
        SupernetTrainer ending = new SupernetTrainer(PLAN, new Ending(5), NODE, dataset, checkpoints, 0, told::add);

        RoundMetrics last = ending.train(whole, RoundProgress.from(0), 8, step -> false);
        Checkpoint ended = checkpoints.load(8);
        RoundMetrics none = ending.train(whole, RoundProgress.from(8), 12, step -> false);

        assertThat(whole.steps()).hasSize(5);
        assertThat(last.toStep()).isEqualTo(8);
        assertThat(last.lastStep()).isEqualTo(5);
        assertThat(last.skippedSteps()).isEqualTo(3);
        assertThat(last.steps()).isEqualTo(5);
        assertThat(last.subnets()).isEqualTo(5 * 2);
        assertThat(last.images()).isEqualTo(5 * 8);
        assertThat(last.loss()).isFinite();
        assertThat(none.steps()).isZero();
        assertThat(none.skippedSteps()).isEqualTo(4);
        assertThat(none.subnets()).isZero();
        assertThat(none.loss()).isNaN();
        Checkpoint after = checkpoints.load(12);
        assertThat(after.state()).usingRecursiveComparison().isEqualTo(ended.state());
        assertThat(after.scheme()).usingRecursiveComparison().isEqualTo(ended.scheme());
        assertThat(after.round().skipped()).isEqualTo(4);
        assertThat(told).extracting(RoundProgress::step).containsExactly(1L, 2L, 3L, 4L, 5L, 8L, 12L);
    }

    /** As when it is killed after the step with which it ended, and before the round has. */
    @Test
    void aTrainingThatHasEndedTakesNoStepWhenItResumes() throws IOException {
        RoundMetrics expected = new SupernetTrainer(PLAN, new Ending(6), NODE, dataset, checkpoints, 0, told::add)
                .train(new FakeSupernet(), RoundProgress.from(0), 8, step -> false);
        CheckpointStore others = new CheckpointStore(
                directory.resolve("others").toUri().toString(), NODE.describe(), 2, new Configuration());
        SupernetTrainer killed = new SupernetTrainer(PLAN, new Ending(9), NODE, dataset, others, 3, told::add);
        FakeSupernet supernet = new FakeSupernet();
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> killed.train(supernet, RoundProgress.from(0), 8, step -> step == 6));
        Checkpoint broken = others.latestOfRound(0, 8).orElseThrow();
        assertThat(broken.step()).isEqualTo(6);

        Ending scheme = new Ending(6);
        scheme.restore(broken.scheme());
        RoundMetrics resumed = new SupernetTrainer(PLAN, scheme, NODE, dataset, others, 3, told::add)
                .train(supernet, broken.round(), 8, step -> false);

        assertThat(supernet.steps()).hasSize(6);
        assertThat(resumed)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*Seconds")
                .isEqualTo(expected);
        assertThat(resumed.skippedSteps()).isEqualTo(2);
    }

    @Test
    void aRoundThatIsStoppedGoesOnFromItsStepToTheMetricsOfAWholeOne() throws IOException {
        FakeSupernet whole = new FakeSupernet();
        RoundMetrics expected = trainer.train(whole, RoundProgress.from(4), 17, step -> false);
        CheckpointStore others = new CheckpointStore(
                directory.resolve("others").toUri().toString(), NODE.describe(), 2, new Configuration());
        SupernetTrainer another = new SupernetTrainer(PLAN, BALANCED.create(), NODE, dataset, others, 0, told::add);

        FakeSupernet stopped = new FakeSupernet();
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> another.train(stopped, RoundProgress.from(4), 17, step -> step == 9))
                .withMessage("supernet 1 was stopped at step 9");
        Checkpoint broken = others.latestOfRound(4, 17).orElseThrow();
        RoundMetrics metrics = another.train(stopped, broken.round(), 17, step -> false);

        assertThat(broken.step()).isEqualTo(9);
        assertThat(stopped.steps()).isEqualTo(whole.steps());
        assertThat(metrics)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*Seconds")
                .isEqualTo(expected);
        assertThat(metrics.trainingSeconds()).isGreaterThan(broken.round().trainingSeconds());
        assertThat(others.latestOfRound(4, 16))
                .as("those of a round that has ended")
                .isEmpty();
    }

    @Test
    void aRoundThatHasEndedReportsItsMetricsOnceMore() throws IOException {
        RoundMetrics expected = trainer.train(new FakeSupernet(), RoundProgress.from(4), 17, step -> false);

        FakeSupernet untouched = new FakeSupernet();
        RoundMetrics again = trainer.train(
                untouched, checkpoints.latestOfRound(4, 17).orElseThrow().round(), 17, step -> true);

        assertThat(untouched.steps()).isEmpty();
        assertThat(again)
                .usingRecursiveComparison()
                .ignoringFields("checkpointSeconds")
                .isEqualTo(expected);
    }

    @Test
    void checkpointsAreWrittenWithinARoundAtItsIntervals() throws IOException {
        SupernetTrainer often = new SupernetTrainer(PLAN, BALANCED.create(), NODE, dataset, checkpoints, 3, told::add);
        FakeSupernet supernet = new FakeSupernet();
        List<Long> newest = new ArrayList<>();

        often.train(supernet, RoundProgress.from(4), 17, step -> {
            newest.add(latestStep(4, 17));
            return false;
        });

        assertThat(newest).containsExactly(0L, 0L, 0L, 7L, 7L, 7L, 10L, 10L, 10L, 13L, 13L, 13L, 16L);
    }

    private long latestStep(long fromStep, long toStep) {
        try {
            return checkpoints
                    .latestOfRound(fromStep, toStep)
                    .map(Checkpoint::step)
                    .orElse(0L);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a task has that Spark runs twice, or whose first executor is only out of reach. */
    @Test
    void twoAttemptsAtARoundAtOnceLeaveWhatOneLeaves() throws Exception {
        SupernetTrainer often = new SupernetTrainer(PLAN, BALANCED.create(), NODE, dataset, checkpoints, 2, told::add);
        RoundMetrics expected = trainer.train(new FakeSupernet(), RoundProgress.from(0), 20, step -> false);
        ExecutorService executors = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier together = new CyclicBarrier(2);
            List<Callable<RoundMetrics>> attempts = Collections.nCopies(
                    2,
                    () -> often.train(new FakeSupernet(), RoundProgress.from(0), 20, step -> {
                        await(together);
                        return false;
                    }));
            for (Future<RoundMetrics> attempt : executors.invokeAll(attempts)) {
                assertThat(attempt.get())
                        .usingRecursiveComparison()
                        .ignoringFieldsMatchingRegexes(".*Seconds")
                        .isEqualTo(expected);
            }
        } finally {
            executors.shutdownNow();
        }
        assertThat(checkpoints.load(20).state().tensors().get("steps").values()).containsExactly(20);
        assertThat(directory.resolve("checkpoints/supernet-1").toFile().list())
                .containsExactly("step-00000020.safetensors");
    }

    private static void await(CyclicBarrier together) {
        try {
            together.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void howStepsAreCutIntoRoundsChangesNothing() throws IOException {
        FakeSupernet whole = new FakeSupernet();
        trainer.train(whole, RoundProgress.from(2), 30, step -> false);

        FakeSupernet cut = new FakeSupernet();
        trainer.train(cut, RoundProgress.from(2), 11, step -> false);
        trainer(NODE).train(cut, RoundProgress.from(11), 12, step -> false);
        trainer.train(cut, RoundProgress.from(12), 30, step -> false);

        assertThat(cut.steps()).isEqualTo(whole.steps());
    }

    @Test
    void lossesThatComeLateMakeTheSameMetricsAndAreNotWaitedForAtEachStep() throws IOException {
        RoundMetrics expected = trainer.train(new FakeSupernet(), RoundProgress.from(0), 40, step -> false);
        CheckpointStore others = new CheckpointStore(
                directory.resolve("others").toUri().toString(), NODE.describe(), 2, new Configuration());
        SupernetTrainer another = new SupernetTrainer(PLAN, BALANCED.create(), NODE, dataset, others, 0, told::add);
        Late late = new Late(new FakeSupernet());

        RoundMetrics metrics = another.train(late, RoundProgress.from(0), 40, step -> false);

        assertThat(metrics)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*Seconds")
                .isEqualTo(expected);
        assertThat(late.mostUnderWay).isBetween(30, 40);
        assertThat(others.latest(40).orElseThrow().round().evaluation().images())
                .as("those of the checkpoint are complete")
                .isEqualTo(expected.images());
    }

    /** A supernet whose evaluations are ready only when somebody waits for them. */
    private static final class Late implements Supernet {
        private final Supernet supernet;
        private int underWay;
        private int mostUnderWay;

        Late(Supernet supernet) {
            this.supernet = supernet;
        }

        @Override
        public PendingEvaluation train(
                Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
            PendingEvaluation known = supernet.train(batch, subnets, combination, learningRate);
            mostUnderWay = Math.max(mostUnderWay, ++underWay);
            return new PendingEvaluation() {
                @Override
                public boolean ready() {
                    return false;
                }

                @Override
                public Evaluation get() {
                    underWay--;
                    return known.get();
                }
            };
        }

        @Override
        public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
            return supernet.score(batch, subnets);
        }

        @Override
        public SupernetState state() {
            return supernet.state();
        }

        @Override
        public void restore(SupernetState state) {
            supernet.restore(state);
        }

        @Override
        public boolean keeps(ImageSet images) {
            return supernet.keeps(images);
        }

        @Override
        public void rest() {
            supernet.rest();
        }

        @Override
        public void close() {
            supernet.close();
        }
    }

    @Test
    void aLossThatIsNoNumberEndsTrainingAndSavesNothing() throws IOException {
        trainer.train(new FakeSupernet(), RoundProgress.from(0), 2, step -> false);
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatExceptionOfType(TrainingException.class)
                    .isThrownBy(() -> trainer.train(new Diverging(6, loss), RoundProgress.from(2), 20, step -> false))
                    .withMessageStartingWith("supernet 1, step 7: the loss is no longer a number")
                    .withMessageContaining("training.learning-rate.initial")
                    .withMessageContaining("training.gradient-clip");
        }
        assertThat(checkpoints.latest(40).orElseThrow().step()).isEqualTo(2);
    }

    /** Loses its way at one of its steps, counted from 1, and fails if asked for more. */
    private static final class Diverging implements Supernet {
        private final double loss;
        private int left;

        Diverging(int steps, double loss) {
            this.left = steps;
            this.loss = loss;
        }

        @Override
        public PendingEvaluation train(
                Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
            left--;
            assertThat(left).as("steps left").isNotNegative();
            return PendingEvaluation.of(new Evaluation(batch.size(), 1, left == 0 ? loss : 1));
        }

        @Override
        public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
            throw new UnsupportedOperationException("training scores nothing");
        }

        @Override
        public SupernetState state() {
            throw new UnsupportedOperationException("the state of a diverged supernet is not wanted");
        }

        @Override
        public void restore(SupernetState state) {
            throw new UnsupportedOperationException("training restores nothing");
        }

        @Override
        public boolean keeps(ImageSet images) {
            return false;
        }

        @Override
        public void rest() {}

        @Override
        public void close() {}
    }
}
