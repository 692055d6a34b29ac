package io.efsnas.driver.flow;

import io.efsnas.driver.spark.PhaseSchedule;
import io.efsnas.measure.Needs;
import io.efsnas.network.Network;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.split.MaskSubspace;
import io.efsnas.split.Phase;
import io.efsnas.split.Splitter;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.training.HeldOutUse;
import io.efsnas.training.Relation;
import io.efsnas.training.TrainingScheme;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.StatUtils;

/** What training the supernets of a plan costs, estimated from subnets drawn as training draws them. */
public final class TrainingCosts {

    private static final int DRAWN = 200;
    /** The forward pass, the gradients of the inputs and those of the weights. */
    private static final int PASSES = 3;

    private final SearchPlan plan;
    private final TrainingScheme scheme;

    public TrainingCosts(SearchPlan plan) {
        this.plan = plan;
        this.scheme = plan.config().training().scheme().create();
    }

    /** Mean multiply-adds of a subnet's live network for one image. */
    public double subnetFlops(SupernetNode node) {
        SplittableRandom random = KeyedRandom.of(plan.config().seed(), Purpose.TRAINED_SUBNETS, node.key());
        return Stream.generate(() -> node.subspace().sample(random))
                .limit(DRAWN)
                .map(architecture -> plan.space().network(architecture, node.size()))
                .map(Network::cost)
                .mapToLong(cost -> cost.flops())
                .average()
                .orElseThrow();
    }

    /** Multiply-adds of the steps after the warm start, of a supernet or of all that it will be split into. */
    public double trainingFlops(SupernetNode node) {
        int phases = plan.trees().phases().size();
        return flops(phases - 1, phases, node);
    }

    /** Multiply-adds of the warm start; 0 without one. */
    public double warmStartFlops() {
        int phases = plan.trees().phases().size();
        return leaves().stream().mapToDouble(leaf -> flops(0, phases - 1, leaf)).sum();
    }

    /** The supernets at the end of the tree, as far as they are known before anything is trained. */
    public List<SupernetNode> leaves() {
        return plan.knownTree().leaves();
    }

    /** How many of each supernet's steps the warm start takes for it. */
    public int warmStartSteps() {
        return plan.config().training().stepsUpTo(plan.config().warmStartRounds());
    }

    /** How many steps the warm start takes for all supernets together. */
    public long warmStartStepsOfAll() {
        int phases = plan.trees().phases().size();
        return leaves().stream().mapToLong(SupernetNode::width).sum() * stepsOfPhases(0, phases - 1);
    }

    /**
     * The steps of the supernets of some phases, one of which each supernet at the end of the tree counts as; where one of
     * several is kept, those that are dropped count as well.
     */
    private long stepsOfPhases(int from, int to) {
        return IntStream.range(from, to)
                .mapToLong(number -> (long) copies(number)
                        * plan.trees().phases().get(number).phase().steps())
                .sum();
    }

    /** How many supernets of a phase there are for one that is kept; 1 if all are. */
    private int copies(int phase) {
        return keepsOne() ? plan.trees().supernets(phase) : 1;
    }

    private boolean keepsOne() {
        return plan.config().space().splitter().choice().isPresent();
    }

    /** How many supernets are measured before they are split. */
    public int measuredSupernets() {
        Splitter splitter = plan.config().space().splitter();
        if (keepsOne()) {
            return splitter.levels();
        }
        int supernets = 0;
        for (int level = 0; level < splitter.levels(); level++) {
            supernets = supernets * splitter.parts() + 1;
        }
        return splitter.probe().isEmpty() ? 0 : supernets;
    }

    /** What measuring one of them costs at most, in training steps of one subnet. */
    public double measuringSteps() {
        return plan.config()
                .space()
                .splitter()
                .probe()
                .map(probe -> probe.steps(plan.knownTree().nodes().get(0)))
                .orElse(0.0);
    }

    /** What measuring all of them costs, and scoring those of which one is kept, in training steps of one subnet. */
    double splittingSteps() {
        Splitter splitter = plan.config().space().splitter();
        if (!keepsOne()) {
            return measuredSupernets() * measuringSteps();
        }
        SupernetNode root = plan.knownTree().nodes().get(0);
        double measured = IntStream.range(0, splitter.levels())
                .mapToDouble(level -> splitter.at(level).probe().orElseThrow().steps(root))
                .sum();
        return measured + choosingSteps();
    }

    /** What scoring supernets costs of which one is kept, in training steps of one subnet; 0 if all are kept. */
    public double choosingSteps() {
        return plan.config()
                .space()
                .splitter()
                .choice()
                .map(choice -> (double) chosenFrom().stream()
                                .mapToInt(Integer::intValue)
                                .sum()
                        * choice.subnets()
                        * choice.images()
                        / plan.config().training().batch()
                        / PASSES)
                .orElse(0.0);
    }

    /** Of how many supernets one is kept, choice by choice; empty if all are kept. */
    public List<Integer> chosenFrom() {
        TreePlan trees = plan.trees();
        return IntStream.range(0, trees.phases().size())
                .filter(phase -> trees.phases().get(phase).choice().isPresent())
                .mapToObj(trees::supernets)
                .toList();
    }

    /**
     * How many other supernets a step runs forward that its supernet learns from, phase by phase; a mean where supernets of a
     * phase differ.
     */
    public List<Double> relatives() {
        return IntStream.range(0, plan.trees().phases().size())
                .mapToObj(this::relatives)
                .toList();
    }

    private double relatives(int phase) {
        Set<Relation> learnsFrom = scheme.learnsFrom();
        if (phase == 0 || learnsFrom.isEmpty()) {
            return 0;
        }
        SupernetTree known = plan.knownTree();
        List<SupernetNode> nodes = known.in(plan.trees().phases().get(phase).phase());
        double siblings = nodes.isEmpty()
                ? plan.trees().phases().get(phase - 1).splitter().orElseThrow().parts() - 1
                : nodes.stream()
                                .mapToDouble(node -> (double) node.width()
                                        * known.siblings(node).size())
                                .sum()
                        / nodes.stream().mapToInt(SupernetNode::width).sum();
        return (learnsFrom.contains(Relation.PARENT) ? 1 : 0) + (learnsFrom.contains(Relation.SIBLING) ? siblings : 0);
    }

    /** How many subnets a step of a supernet trains. */
    public int subnetsPerStep(SupernetNode node) {
        return scheme.subnetsPerStep(node.subspace());
    }

    /** How many teachers a step of a supernet runs forward beside them. */
    public double forwardPasses(SupernetNode node) {
        return scheme.forwardPasses(node.subspace());
    }

    /** Whether a supernet may take fewer steps than all costs here count. */
    public boolean mayEndEarly() {
        return scheme.mayEndEarly();
    }

    /** What steps run forward on images that no weight is trained on. */
    public HeldOutUse heldOut() {
        return scheme.heldOut();
    }

    /**
     * @param from the first of some phases
     * @param to the one after the last
     */
    private double flops(int from, int to, SupernetNode node) {
        int batch = plan.config().training().batch();
        double trained = (PASSES * subnetsPerStep(node) + forwardPasses(node)) * batch;
        double judged = heldOut().subnetsPerStep() * heldOut().images();
        double taught = IntStream.range(from, to)
                .mapToDouble(number -> relatives(number) * stepsOfPhases(number, number + 1) * batch)
                .sum();
        return node.width() * (stepsOfPhases(from, to) * (trained + judged) + taught) * subnetFlops(node);
    }

    /**
     * What all training costs, in training steps of one subnet: that of the supernets, if there are some, and of networks
     * that are trained by themselves.
     */
    public double subnetSteps() {
        double alone = (double) trials() * stepsOfATrial();
        return alone + (plan.trains() ? costOf(plan.config().training().steps()) : 0);
    }

    /**
     * What it costs to train the supernets, in training steps of one subnet. Where splits depend on what is measured, the
     * supernets that come of them count as those that are split.
     *
     * @param steps of each supernet
     */
    public double costOf(int steps) {
        return perStep() * steps + splittingSteps();
    }

    /**
     * How many steps each supernet can take at a cost; below 1 if measuring for the splits takes all of it.
     *
     * @param cost in training steps of one subnet
     */
    public long stepsAt(double cost) {
        return (long) ((cost - splittingSteps()) / perStep());
    }

    /**
     * The part of the training that no number of devices makes shorter, in training steps of one subnet: what the supernets
     * from the first one to one of the last have together.
     *
     * @param steps of each supernet
     */
    public double inARow(int steps) {
        List<PlannedPhase> phases = plan.trees().phases();
        double widths = IntStream.range(0, phases.size())
                .mapToDouble(phase ->
                        (double) phases.get(phase).phase().steps() / workers().get(phase) * largestWidth(phase))
                .sum();
        double share = widths / plan.config().training().steps();
        double taught = IntStream.range(0, phases.size())
                .mapToDouble(phase -> share(phase) * largestWidth(phase) * relatives(phase) / PASSES)
                .sum();
        return share
                        * steps
                        * leaves().stream().mapToDouble(this::perStep).max().orElseThrow()
                + taught * steps;
    }

    private int largestWidth(int phase) {
        return plan.knownTree().in(plan.trees().phases().get(phase).phase()).stream()
                .mapToInt(SupernetNode::width)
                .max()
                .orElseGet(() -> plan.trees().width(MaskSubspace.whole(plan.space()), phase));
    }

    /** The share of a phase in the steps of a supernet at the end of the tree. */
    private double share(int phase) {
        return (double) plan.trees().phases().get(phase).phase().rounds()
                / plan.config().training().rounds();
    }

    /** How many workers train each supernet of a phase, phase by phase; 1 where the cluster decides. */
    public List<Integer> workers() {
        int devices = plan.config().training().workers().workers().orElse(1);
        return schedules().stream().map(phase -> phase.workers(devices)).toList();
    }

    /** The share of the time in which as many devices as there are workers train, if all steps take equally long. */
    public double efficiency() {
        int devices = plan.config().training().workers().workers().orElse(1);
        List<PhaseSchedule> schedules = schedules();
        double steps = 0;
        double time = 0;
        for (int phase = 0; phase < schedules.size(); phase++) {
            long ofPhase = plan.trees().phases().get(phase).phase().steps();
            steps += ofPhase;
            time += ofPhase / schedules.get(phase).efficiency(devices, workers().get(phase));
        }
        return steps / time;
    }

    /**
     * Seconds that training takes, and measuring for the splits. Supernets that come of splits that are measured count as
     * those that are split.
     *
     * @param devices how many tasks run at a time
     * @param step seconds of a step of each supernet that is known before anything is trained, by its id
     */
    public double seconds(int devices, Map<String, Double> step) {
        List<PlannedPhase> phases = plan.trees().phases();
        List<PhaseSchedule> schedules = schedules();
        SupernetTree known = plan.knownTree();
        double seconds = 0;
        for (int number = 0; number < phases.size(); number++) {
            Phase phase = phases.get(number).phase();
            PhaseSchedule schedule = schedules.get(number);
            boolean isKnown = !known.in(phase).isEmpty();
            int copies = isKnown ? 1 : copies(number);
            double relatives = relatives(number) / PASSES;
            double[] each = (isKnown ? known.in(phase) : known.leaves())
                    .stream()
                            .mapToDouble(node -> (double) node.width()
                                    * phase.steps()
                                    * copies
                                    * step.get(node.id())
                                    * (1 + relatives / perStep(node)))
                            .toArray();
            int workers = Math.min(devices, workersOn(devices, schedule));
            double all = StatUtils.sum(each);
            double longest = isKnown ? StatUtils.max(each) : all / schedule.supernets();
            seconds += Math.max(all / (devices * schedule.efficiency(devices, workers)), longest / workers);
        }
        double splitting = keepsOne() ? splittingSteps() / devices : splits(devices) * measuringSteps();
        return seconds + splitting * ofOneSubnet(step);
    }

    private int workersOn(int devices, PhaseSchedule schedule) {
        return scheme.suitsWorkers()
                ? schedule.workers(plan.config().training().workers().workers().orElse(devices))
                : 1;
    }

    /** How many supernets a device measures before they are split, one after the other. */
    private int splits(int devices) {
        Splitter splitter = plan.config().space().splitter();
        if (splitter.probe().isEmpty()) {
            return 0;
        }
        int turns = 0;
        int supernets = 1;
        for (int level = 0; level < splitter.levels(); level++) {
            turns += (supernets + devices - 1) / devices;
            supernets *= splitter.parts();
        }
        return turns;
    }

    /**
     * Seconds of a step that trains one subnet.
     *
     * @param step as in {@link #seconds}
     */
    public double ofOneSubnet(Map<String, Double> step) {
        return leaves().stream()
                .mapToDouble(leaf -> step.get(leaf.id()) / perStep(leaf))
                .average()
                .orElseThrow();
    }

    private List<PhaseSchedule> schedules() {
        TreePlan trees = plan.trees();
        SupernetTree known = plan.knownTree();
        return IntStream.range(0, trees.phases().size())
                .mapToObj(number -> {
                    Phase phase = trees.phases().get(number).phase();
                    int supernets = known.in(phase).size();
                    return PhaseWorkers.schedule(phase, supernets > 0 ? supernets : trees.supernets(number));
                })
                .toList();
    }

    /** How many networks are trained by themselves at most. */
    public long trials() {
        return plan.measures().need(Needs.TRAINABLE) ? plan.scoredAtMost() : 0;
    }

    /** The steps of each of them. */
    public int stepsOfATrial() {
        return plan.stepsOfATrial();
    }

    /** What a step of all supernets costs, in training steps of one subnet. */
    private double perStep() {
        double alone = leaves().stream()
                .mapToDouble(leaf -> leaf.width() * perStep(leaf))
                .sum();
        int width = leaves().stream().mapToInt(SupernetNode::width).sum();
        // What is dropped, and what runs forward to teach: 0 where nothing is.
        double beside = IntStream.range(0, plan.trees().phases().size())
                .mapToDouble(phase -> share(phase)
                        * ((copies(phase) - 1) * alone + copies(phase) * width * relatives(phase) / PASSES))
                .sum();
        return alone + beside;
    }

    private double perStep(SupernetNode node) {
        double judged = heldOut().subnetsPerStep()
                * heldOut().images()
                / plan.config().training().batch();
        return subnetsPerStep(node) + (judged + forwardPasses(node)) / PASSES;
    }

    /** How often a supernet's training sees each image. */
    public double epochs(int images) {
        return (double) plan.config().training().steps()
                * plan.config().training().batch()
                / images;
    }
}
