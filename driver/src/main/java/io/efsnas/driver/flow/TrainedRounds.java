package io.efsnas.driver.flow;

import io.efsnas.checkpoint.Checkpoint;
import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.job.RoundReport;
import io.efsnas.job.RoundTask;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.training.Relation;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** How many rounds of its phase each supernet has done, by its newest checkpoint, or since its children have begun. */
    DoneRounds of(SupernetTree tree) {
        List<RoundReport> reports = run.rounds();
        Map<String, Integer> done = new HashMap<>();
        for (PlannedPhase phase : plan.trees().phases()) {
            List<SupernetNode> nodes = tree.in(phase.phase());
            Map<String, Integer> own = new HashMap<>();
            nodes.forEach(node -> own.put(node.id(), of(node, reports)));
            done.putAll(phase.phase().lockstep() && !nodes.isEmpty() ? inLockstep(nodes, own) : own);
        }
        for (int phase = plan.trees().phases().size() - 1; phase >= 0; phase--) { // children before their parents
            List<SupernetNode> nodes = tree.in(plan.trees().phases().get(phase).phase());
            nodes.stream()
                    .filter(node -> childrenHaveBegun(tree, node, done))
                    .forEach(node -> done.put(node.id(), node.phase().rounds()));
            nodes.stream()
                    .filter(tree::isDropped)
                    .filter(node -> isReplaced(tree, node, done))
                    .forEach(node -> done.put(node.id(), node.phase().rounds()));
        }
        return new DoneRounds(tree, done);
    }

    /** Whether nobody needs the checkpoints of a supernet any more; those who learn from their parent need it to the end. */
    private boolean childrenHaveBegun(SupernetTree tree, SupernetNode node, Map<String, Integer> done) {
        List<SupernetNode> its = tree.nodes().stream()
                .filter(child -> child.origin().equals(node.id()))
                .toList();
        boolean teaches =
                plan.config().training().scheme().create().learnsFrom().contains(Relation.PARENT);
        return !its.isEmpty()
                && its.stream()
                        .allMatch(child ->
                                done.get(child.id()) >= (teaches ? child.phase().rounds() : 1));
    }

    /** Whether the sibling that was kept in place of one that was dropped is trained. */
    private static boolean isReplaced(SupernetTree tree, SupernetNode dropped, Map<String, Integer> done) {
        return tree.siblings(dropped).stream()
                .anyMatch(kept -> !tree.isDropped(kept)
                        && done.get(kept.id()) == kept.phase().rounds());
    }

    /** The same, for a search that goes on from there and says so in the log. */
    DoneRounds resumed(SupernetTree tree) {
        DoneRounds done = of(tree);
        for (SupernetNode node : tree.nodes()) {
            if (done.of(node) > 0) {
                RoundTask last = plan.rounds(node).get(done.of(node) - 1);
                log.info("{} resumes after round {}, step {}", node.describe(), last.round() + 1, last.toStep());
            }
        }
        return done;
    }

    /**
     * Makes sure that the supernets of the run directory are trained to the end, with the images of the plan.
     *
     * @param tree of its supernets, as far as it is known
     * @return the rounds that they have done
     * @throws UserMistake if they are not
     */
    DoneRounds requireAll(SupernetTree tree) {
        String trainedWith = run.requireSearch().data().fingerprint();
        String here = plan.dataset().fingerprint();
        if (!here.equals(trainedWith)) {
            throw new UserMistake("data.train: the images of " + run + " are no longer those that"
                    + " its supernets were trained with: their fingerprint is " + here + ", not " + trainedWith);
        }
        DoneRounds done = of(tree);
        if (!plan.trees().isComplete(tree) || !done.all()) {
            List<String> lost = lostCheckpoints(done);
            throw new UserMistake(
                    lost.isEmpty()
                            ? "the supernets of " + run + " are not trained yet: they have done " + done.ofLeaves()
                                    + " of " + plan.config().training().rounds() + " rounds; finish the search first"
                            : "the last checkpoint of " + String.join(", ", lost) + " in " + run
                                    + " is damaged or missing; run the search again with that --run-dir, and it"
                                    + " trains again from the one before");
        }
        return done;
    }

    /** The supernets that had ended their last round, by its report, and whose checkpoint of it cannot be read. */
    private List<String> lostCheckpoints(DoneRounds done) {
        int last = plan.config().training().rounds() - 1;
        return run.rounds().stream()
                .filter(report -> report.round() == last)
                .map(report -> report.metrics().node())
                .filter(node -> !done.has(node, last))
                .distinct()
                .sorted()
                .map(SupernetNode::describe)
                .toList();
    }

    /** The next round of the supernets that are behind begins with what all had then. */
    private Map<String, Integer> inLockstep(List<SupernetNode> nodes, Map<String, Integer> done) {
        int behind = Collections.min(done.values());
        int common = behind;
        while (common > 0 && !allHaveDone(nodes, common)) {
            common--;
        }
        if (common == behind) {
            return done;
        }
        Map<String, Integer> all = new HashMap<>();
        for (SupernetNode node : nodes) {
            all.put(node.id(), common);
        }
        return all;
    }

    /** Whether there are whole checkpoints of all supernets that score, after so many rounds of the run. */
    boolean leavesHaveDone(SupernetTree tree, int rounds) {
        List<SupernetNode> leaves = tree.leaves();
        int own = rounds - leaves.get(0).phase().fromRound();
        return own > 0 && allHaveDone(leaves, own);
    }

    /**
     * Whether there are whole checkpoints of all these supernets after some rounds.
     *
     * @param rounds a number of rounds of their phase, at least 1
     */
    private boolean allHaveDone(List<SupernetNode> nodes, int rounds) {
        return nodes.stream().allMatch(node -> {
            long step = plan.rounds(node).get(rounds - 1).toStep();
            return newestCheckpoint(node, step) == step;
        });
    }

    /** How many of a supernet's rounds led to its newest checkpoint. */
    private int of(SupernetNode node, List<RoundReport> reports) {
        List<RoundTask> rounds = plan.rounds(node);
        long steps = newestCheckpoint(node, node.lastStep());
        int done =
                (int) rounds.stream().filter(round -> round.toStep() <= steps).count();
        if (done == 0 || rounds.get(done - 1).toStep() != steps) {
            return 0;
        }
        int last = rounds.get(done - 1).round();
        if (reports.stream().noneMatch(report -> report.metrics().node().equals(node.id()) && report.round() == last)) {
            done--; // its checkpoint has what is missing of its report
        }
        return done;
    }

    /** The step of a supernet's newest checkpoint that is whole and no later than a step; 0 if it has none. */
    private long newestCheckpoint(SupernetNode node, long step) {
        CheckpointStore store = new CheckpointStore(
                run.checkpoints(), node.describe(), plan.config().checkpoints().keep(), hadoop);
        try {
            return store.latest(step).map(Checkpoint::step).orElse(0L);
        } catch (IOException e) {
            throw FileFailure.cannot("read", "the checkpoints of " + run, e);
        }
    }
}
