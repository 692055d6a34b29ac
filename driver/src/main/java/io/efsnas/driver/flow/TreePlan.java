package io.efsnas.driver.flow;

import io.efsnas.driver.config.Key;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.config.SharingConfig;
import io.efsnas.driver.config.TrainingConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Shape;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.Choice;
import io.efsnas.split.Evidence;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Splitter;
import io.efsnas.split.Subspace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.training.Relation;
import io.efsnas.training.SchemeSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The phases of a training, and the supernets that each of them has. */
final class TreePlan {

    private final SearchConfig config;
    private final SearchSpace space;
    private final Shape image;
    private final int classes;
    private final Splitter splitter;
    private final List<PlannedPhase> phases;

    /**
     * Makes the plan for images of a shape.
     *
     * @throws UserMistake if what splits the space needs a supernet that is trained before, and none is
     */
    TreePlan(SearchConfig config, Shape image, int classes) {
        this.config = config;
        this.space = config.space().space();
        this.image = image;
        this.classes = classes;
        this.splitter = config.space().splitter();
        this.phases = phases(config, splitter);
        if (phases.size() == 1 && (splitter.probe().isPresent() || splitter.levels() > 1)) {
            throw new UserMistake("training.sharing.mode: "
                    + Key.of(config.training().sharing().mode())
                    + " is not accepted; expected warm-start, since supernets are trained before they are split in this"
                    + " way");
        }
        if (splitter.choice().isPresent() && splitter.probe().isEmpty()) {
            throw new IllegalStateException(
                    "the splitter " + splitter.getClass().getName()
                            + " keeps one of several parts, but measures nothing before it makes them");
        }
    }

    /** Those of a warm start, as even as whole rounds allow, one before each level of splits; then that of the parts. */
    private static List<PlannedPhase> phases(SearchConfig config, Splitter splitter) {
        TrainingConfig training = config.training();
        int warmStart = config.warmStartRounds();
        Optional<Choice> choice = Optional.empty();
        List<PlannedPhase> phases = new ArrayList<>();
        if (warmStart > 0) {
            int levels = splitter.levels();
            for (int level = 0; level < levels; level++) {
                Phase phase = phase(training, warmStart * level / levels, warmStart * (level + 1) / levels);
                phases.add(new PlannedPhase(phase, choice, Optional.of(splitter.at(level))));
                choice = splitter.choice();
            }
        }
        Phase last = phase(training, warmStart, training.rounds());
        boolean restarts = training.sharing().restart() == SharingConfig.Restart.FINAL;
        phases.add(new PlannedPhase(restarts ? last.restarted() : last, choice, Optional.empty()));
        return phases;
    }

    private static Phase phase(TrainingConfig training, int fromRound, int toRound) {
        return new Phase(
                fromRound,
                toRound,
                training.stepsUpTo(fromRound),
                training.stepsUpTo(toRound),
                training.sharing().mode() == SharingConfig.Mode.SHARED_PARTS,
                training.scheme().create().learnsFrom().contains(Relation.SIBLING));
    }

    SearchSpace space() {
        return space;
    }

    List<PlannedPhase> phases() {
        return phases;
    }

    /** What the training asks of supernets that not all engines give. */
    Set<EngineNeed> engineNeeds() {
        Set<EngineNeed> needs = EnumSet.noneOf(EngineNeed.class);
        TrainingConfig training = config.training();
        if (training.labelSmoothing() > 0 || training.scheme().create().givesLessons()) {
            needs.add(EngineNeed.LESSONS);
        }
        if (config.supernet().affine()) {
            needs.add(EngineNeed.AFFINE_NORMS);
        }
        return needs;
    }

    /** The supernets of the first phase: one for all of the space, or, if it is the only phase, one for each part. */
    SupernetTree roots() {
        Subspace whole = MaskSubspace.whole(space);
        Phase first = phases.get(0).phase();
        if (phases.size() > 1) {
            splitter.conceivable(whole).forEach(part -> requireScheme("a part such as " + part.label(), part));
            SupernetNode root = checked(SupernetNode.root(whole, strata(whole, 0), size(0), first, width(whole, 0)));
            splitter.probe().ifPresent(probe -> config.space()
                    .checkProbe(probe, root, config.training().batch()));
            return SupernetTree.of(space, List.of(root));
        }
        List<Subspace> parts = parts(splitter, whole, Evidence.NONE);
        return SupernetTree.of(
                space,
                IntStream.range(0, parts.size())
                        .mapToObj(part -> SupernetNode.independent(part, parts.get(part), size(part), first))
                        .map(this::checked)
                        .toList());
    }

    /**
     * The tree as far as it is known: by splits that measure nothing, or that have measured.
     *
     * @param measured what was measured of a supernet, if it was
     */
    SupernetTree grown(Function<SupernetNode, Optional<Evidence>> measured) {
        return grown(measured, any -> Optional.empty());
    }

    /**
     * The same where supernets were chosen.
     *
     * @param kept the id of the one that was kept of those that began as copies of a supernet, if that is decided
     */
    SupernetTree grown(
            Function<SupernetNode, Optional<Evidence>> measured, Function<SupernetNode, Optional<String>> kept) {
        SupernetTree tree = roots();
        for (PlannedPhase phase : phases) {
            if (isUndecided(tree, phase)) {
                Optional<String> chosen = kept.apply(tree.node(family(tree, phase)));
                tree = chosen.isPresent() ? tree.keeping(chosen.get()) : tree;
            }
            for (SupernetNode node : unsplit(tree, phase)) {
                boolean measures = phase.splitter().orElseThrow().probe().isPresent();
                Optional<Evidence> evidence = measures ? measured.apply(node) : Optional.of(Evidence.NONE);
                if (evidence.isPresent()) {
                    tree = tree.plus(children(node, phase, evidence.get()));
                }
            }
        }
        return tree;
    }

    /** Whether a tree has all supernets of the last phase, and it is decided which are kept. */
    boolean isComplete(SupernetTree tree) {
        PlannedPhase last = phases.get(phases.size() - 1);
        return !isUndecided(tree, last)
                && tree.leaves().stream().allMatch(leaf -> leaf.phase().equals(last.phase()));
    }

    /** Whether one of the supernets of a phase will be kept, and nobody knows yet which. */
    boolean isUndecided(SupernetTree tree, PlannedPhase phase) {
        List<SupernetNode> nodes = tree.in(phase.phase());
        return phase.choice().isPresent() && !nodes.isEmpty() && nodes.stream().noneMatch(tree::isDropped);
    }

    /** The id of the supernet that those of a phase, of which one is kept, began as copies of. */
    static String family(SupernetTree tree, PlannedPhase phase) {
        return tree.in(phase.phase()).get(0).origin();
    }

    /** The supernets of a phase that have no children yet, but will. */
    List<SupernetNode> unsplit(SupernetTree tree, PlannedPhase phase) {
        List<SupernetNode> leaves = tree.leaves();
        return phase.splitter().isEmpty() || isUndecided(tree, phase)
                ? List.of()
                : tree.in(phase.phase()).stream().filter(leaves::contains).toList();
    }

    /**
     * The supernets that a trained one is split into.
     *
     * @param phase the phase of the trained supernet, not the last one
     */
    List<SupernetNode> children(SupernetNode node, PlannedPhase phase, Evidence evidence) {
        int next = phases.indexOf(phase) + 1;
        List<Subspace> parts = parts(phase.splitter().orElseThrow(), node.subspace(), evidence);
        return IntStream.range(0, parts.size())
                .mapToObj(part -> {
                    Subspace of = parts.get(part);
                    // Its weights are those of its parent, and so is their size, also if it begins anew.
                    return node.child(
                            part,
                            of,
                            strata(of, next),
                            node.size(),
                            phases.get(next).phase(),
                            width(of, next));
                })
                .map(this::checked)
                .toList();
    }

    /**
     * A supernet that the training scheme suits.
     *
     * @throws UserMistake if it does not
     */
    private SupernetNode checked(SupernetNode node) {
        requireScheme(node.describe(), node.subspace());
        return node;
    }

    private void requireScheme(String what, Subspace subspace) {
        SchemeSpec scheme = config.training().scheme();
        UserMistake.checking(
                "training.scheme: " + scheme.name() + " is not accepted for " + what + "; ",
                () -> scheme.create().subnetsPerStep(subspace));
    }

    /**
     * As many parts as the splitter promises, by which steps are counted before anything is measured.
     *
     * @throws UserMistake if a part has nothing to be chosen
     */
    static List<Subspace> parts(Splitter splitter, Subspace whole, Evidence evidence) {
        List<Subspace> parts = splitter.split(whole, evidence);
        boolean fewer = parts.size() < splitter.parts() && splitter.probe().isEmpty();
        if (parts.size() != splitter.parts() && !fewer) {
            throw new IllegalStateException(
                    "the splitter " + splitter.getClass().getName() + " splits " + whole.label() + " into "
                            + parts.size() + " parts, but promises " + splitter.parts());
        }
        for (Subspace part : parts) {
            if (!part.hasAtLeast(2)) {
                throw new UserMistake("space.splitter: a part of " + whole.label() + ", " + part.label() + ", has "
                        + (part.hasAtLeast(1) ? 1 : 0)
                        + " connected architecture(s); expected a split that leaves at least 2 in each part");
            }
        }
        return parts;
    }

    /** The parts that the supernet of a subspace will be split into, if that is known without measuring it. */
    private List<Subspace> strata(Subspace subspace, int phase) {
        return phases.get(phase)
                .splitter()
                .filter(any -> any.probe().isEmpty())
                .map(known -> parts(known, subspace, Evidence.NONE))
                .orElse(List.of(subspace));
    }

    /** How many supernets of the last phase come of the supernet of a subspace in a phase. */
    int width(Subspace subspace, int phase) {
        Optional<Splitter> here = phases.get(phase).splitter();
        if (here.isEmpty()) {
            return 1;
        }
        Splitter splits = here.get();
        if (splits.choice().isPresent()) {
            return 1; // those that are dropped take steps of their own
        }
        return splits.probe().isPresent()
                ? Math.multiplyExact(splits.parts(), width(subspace, phase + 1))
                : parts(splits, subspace, Evidence.NONE).stream()
                        .mapToInt(part -> width(part, phase + 1))
                        .sum();
    }

    /** How many supernets are trained in a phase, as splitters promise before they have measured. */
    int supernets(int phase) {
        if (phase > 0 && phases.get(phase).choice().isPresent()) {
            return phases.get(phase - 1).splitter().orElseThrow().parts();
        }
        Subspace whole = MaskSubspace.whole(space);
        return width(whole, 0) / width(whole, phase);
    }

    /** A part whose supernet may be kept in the end, if one is and measurements tell no choices apart. */
    Optional<Subspace> conceivablyKept() {
        if (splitter.choice().isEmpty()) {
            return Optional.empty();
        }
        Subspace kept = MaskSubspace.whole(space);
        for (int level = 0; level < splitter.levels(); level++) {
            List<Subspace> parts = splitter.at(level).conceivable(kept);
            kept = parts.isEmpty() ? kept : parts.get(parts.size() - 1);
        }
        return Optional.of(kept);
    }

    /** The steps of all supernets together. */
    long steps() {
        if (splitter.choice().isPresent()) {
            return IntStream.range(0, phases.size())
                    .mapToLong(phase ->
                            supernets(phase) * phases.get(phase).phase().steps())
                    .sum();
        }
        return roots().nodes().stream().mapToLong(SupernetNode::width).sum()
                * config.training().steps();
    }

    private ModelSize size(int part) {
        return config.supernetSize(part, image, classes);
    }
}
