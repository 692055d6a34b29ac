package io.efsnas.driver.flow;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.checkpoint.SupernetIndex;
import io.efsnas.driver.config.SharingConfig;
import io.efsnas.driver.config.TrainingConfig;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.job.RoundTask;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many rounds the supernets of a run directory have done, by the checkpoints that are there. */
final class TrainedRounds {

    private static final Logger log = LoggerFactory.getLogger(TrainedRounds.class);

    private final SearchPlan plan;
    private final RunDirectory run;
    private final Configuration hadoop;

    TrainedRounds(SearchPlan plan, RunDirectory run, Configuration hadoop) {
        this.plan = plan;
        this.run = run;
        this.hadoop = hadoop;
    }

    /** Rounds that each supernet has done, by its newest checkpoint or else that of the warm start. */
    List<Integer> ofSupernets() {
        int warmStart = of(plan.warmStartRounds());
        List<Integer> done = plan.partition().subspaces().stream()
                .map(subspace -> Math.max(warmStart, of(plan.rounds(subspace))))
                .toList();
        return training().sharing().mode() == SharingConfig.Mode.SHARED_PARTS ? withSharedParts(done) : done;
    }

    /** Where parts are shared, the next round of the supernets that are behind begins with what all had then. */
    private List<Integer> withSharedParts(List<Integer> done) {
        int behind = Collections.min(done);
        int common = behind;
        while (common > 0 && !allHaveDone(common)) {
            common--;
        }
        return common == behind ? done : Collections.nCopies(done.size(), common);
    }

    private TrainingConfig training() {
        return plan.config().training();
    }

    /** Whether there are whole checkpoints of all supernets after some rounds. */
    boolean allHaveDone(int rounds) {
        long step = training().stepsUpTo(rounds);
        return plan.partition().subspaces().stream()
                .allMatch(subspace -> newestCheckpoint(subspace.index(), step) == step);
    }

    /** How many of a supernet's rounds led to its newest checkpoint. */
    private int of(List<RoundTask> rounds) {
        if (rounds.isEmpty()) {
            return 0;
        }
        int supernet = rounds.get(0).supernet();
        long steps = newestCheckpoint(supernet, rounds.get(rounds.size() - 1).toStep());
        int done = rounds.stream()
                .filter(round -> round.toStep() == steps)
                .map(round -> round.round() + 1)
                .findFirst()
                .orElse(0);
        int last = done - 1;
        if (done > 0
                && run.rounds().stream()
                        .noneMatch(report -> report.metrics().supernet() == supernet && report.round() == last)) {
            done--; // its checkpoint has what is missing of its report
        }
        if (done > 0) {
            log.info("{} resumes after round {}, step {}", SupernetIndex.describe(supernet), done, steps);
        }
        return done;
    }

    /** The step of a supernet's newest checkpoint that is whole and no later than a step; 0 if it has none. */
    private long newestCheckpoint(int supernet, long step) {
        CheckpointStore store = new CheckpointStore(
                run.checkpoints(), supernet, plan.config().checkpoints().keep(), hadoop);
        try {
            return store.latest(step).map(Checkpoint::step).orElse(0L);
        } catch (IOException e) {
            throw FileFailure.cannot("read", "the checkpoints of " + run, e);
        }
    }
}
