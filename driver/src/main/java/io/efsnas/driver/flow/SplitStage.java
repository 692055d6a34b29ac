package io.efsnas.driver.flow;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.ChoiceRecord;
import io.efsnas.driver.run.ChoiceRecord.Candidate;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.SplitRecord;
import io.efsnas.split.Choice;
import io.efsnas.split.Evidence;
import io.efsnas.split.Probe;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.supernet.Evaluation;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stage of a search that splits the supernets of a phase, where only the best goes on after that one was chosen. What was
 * measured for it is kept in {@code split-NODE.json}, and what was chosen in {@code choice-NODE.json}, so that a search which
 * resumes splits and chooses as it did before.
 */
final class SplitStage {

    private static final Logger log = LoggerFactory.getLogger(SplitStage.class);

    private final TreePlan plan;
    private final RunDirectory run;

    /**
     * @param run where what was measured is kept
     */
    SplitStage(TreePlan plan, RunDirectory run) {
        this.plan = plan;
        this.run = run;
    }

    /** The tree as far as it is known before anything is trained: by splits that measure nothing, or have measured. */
    SupernetTree known() {
        SupernetTree tree =
                plan.grown(node -> run.split(node.id()).map(SplitRecord::evidence), node -> run.choice(node.id())
                        .map(ChoiceRecord::kept));
        for (SupernetNode node : tree.nodes()) {
            run.split(node.id()).ifPresent(recorded -> requireSame(recorded, node, tree));
        }
        return tree;
    }

    /** A splitter of another version may have made other parts of the same evidence. */
    private void requireSame(SplitRecord recorded, SupernetNode node, SupernetTree tree) {
        List<String> parts = tree.nodes().stream()
                .filter(child -> child.parent().equals(Optional.of(node.id())))
                .map(child -> child.subspace().label())
                .toList();
        if (!parts.equals(recorded.parts())) {
            throw new UserMistake("the run directory " + run + " holds a search whose " + node.describe()
                    + " was split into " + String.join(" | ", recorded.parts())
                    + ", and the splitter now splits it into "
                    + String.join(" | ", parts) + "; use the version of the splitter that it had, or another run"
                    + " directory");
        }
    }

    /**
     * Drops all supernets of a phase but the best, if only that one goes on and it is not chosen yet; else the same tree.
     *
     * @param score gives what the subnets of each supernet were right about together
     */
    SupernetTree choose(
            SupernetTree tree, PlannedPhase phase, BiFunction<List<SupernetNode>, Choice, List<Evaluation>> score) {
        if (!plan.isUndecided(tree, phase)) {
            return tree;
        }
        List<SupernetNode> nodes = tree.in(phase.phase());
        Choice choice = phase.choice().orElseThrow();
        log.info(
                "choosing one of {} supernets by {} subnets of each on {} images",
                nodes.size(),
                choice.subnets(),
                choice.images());
        List<Evaluation> scores = score.apply(nodes, choice);
        ChoiceRecord chosen = ChoiceRecord.of(
                TreePlan.family(tree, phase),
                IntStream.range(0, nodes.size())
                        .mapToObj(i -> Candidate.of(nodes.get(i), scores.get(i)))
                        .toList());
        run.write(chosen);
        log.info(
                "{} is kept, and the others that began as copies of {} are dropped: {}",
                SupernetNode.describe(chosen.kept()),
                SupernetNode.describe(chosen.node()),
                chosen.describe());
        return tree.keeping(chosen.kept());
    }

    /**
     * Splits the trained supernets of a phase that are not split yet; the same tree if all are.
     *
     * @param measure runs a probe on supernets of the tree
     */
    SupernetTree run(
            SupernetTree tree, PlannedPhase phase, BiFunction<List<SupernetNode>, Probe, List<Evidence>> measure) {
        List<SupernetNode> unsplit = plan.unsplit(tree, phase);
        if (unsplit.isEmpty()) {
            return tree;
        }
        Probe probe = phase.splitter().orElseThrow().probe().orElseThrow();
        log.info(
                "measuring {} supernet(s) for their splits, at the cost of at most {} training steps of one subnet",
                unsplit.size(),
                Math.round(unsplit.stream().mapToDouble(probe::steps).sum()));
        List<Evidence> measured = measure.apply(unsplit, probe);
        SupernetTree grown = tree;
        for (int i = 0; i < measured.size(); i++) {
            grown = grown.plus(split(unsplit.get(i), phase, measured.get(i)));
        }
        return grown;
    }

    private List<SupernetNode> split(SupernetNode node, PlannedPhase phase, Evidence evidence) {
        List<SupernetNode> children = plan.children(node, phase, evidence);
        SplitRecord split = new SplitRecord(
                node.id(),
                children.stream().map(child -> child.subspace().label()).toList(),
                evidence);
        run.write(split);
        log.info("{} is split into {}", node.describe(), String.join(" | ", split.parts()));
        return children;
    }
}
