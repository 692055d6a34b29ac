package io.efsnas.training.scheme;

import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.split.Subspace;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Lesson;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.Teacher;
import io.efsnas.supernet.TrainingStep;
import io.efsnas.training.Relation;
import io.efsnas.training.Relatives;
import io.efsnas.training.SchemeSpec;
import io.efsnas.training.StepContext;
import io.efsnas.training.TrainingScheme;
import io.efsnas.training.TrainingSchemeProvider;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Mutual distillation of the supernets that come of one (Li et al., HEP-NAS, AAAI 2025): each step trains a drawn subnet on
 * the labels, on what the parent answers, and on what the siblings answer, with the loss {@code CE(p, y) + mean over siblings
 * m of KL(p_m || p) + KL(p_parent || p)} at temperature 1. A parent serves every architecture of its children, so it answers
 * with the same subnet. A sibling does not, so it answers with one that is drawn from its own subspace for this step; in the
 * paper it weighs all of its operations at once. A supernet without parent and siblings learns from the labels alone.
 */
final class MutualScheme implements TrainingScheme {

    private static final String TEACHERS = "teachers";

    private static final Map<String, Set<Relation>> BY_NAME = Map.of(
            "none", EnumSet.noneOf(Relation.class),
            "parent", EnumSet.of(Relation.PARENT),
            "siblings", EnumSet.of(Relation.SIBLING),
            "both", EnumSet.allOf(Relation.class));

    private final Set<Relation> teachers;

    private MutualScheme(Set<Relation> teachers) {
        this.teachers = teachers;
    }

    @Override
    public int subnetsPerStep(Subspace subspace) {
        return 1;
    }

    @Override
    public Set<Relation> learnsFrom() {
        return teachers;
    }

    @Override
    public boolean givesLessons() {
        return true;
    }

    /** What workers average would not be what siblings have learned in the round before. */
    @Override
    public boolean suitsWorkers() {
        return teachers.isEmpty();
    }

    @Override
    public PendingEvaluation step(Supernet supernet, StepContext context) {
        Architecture subnet = context.node().subspace().sample(context.random());
        List<float[]> ofSiblings = new ArrayList<>();
        for (Relatives.Sibling sibling : context.relatives().siblings()) {
            Architecture its = sibling.node().subspace().sample(context.random());
            ofSiblings.add(sibling.supernet().probabilities(context.batch(), its));
        }
        List<float[]> all = new ArrayList<>();
        mean(ofSiblings).ifPresent(all::add);
        context.relatives().parent().ifPresent(parent -> all.add(parent.probabilities(context.batch(), subnet)));
        // Two divergences have the gradient of one from the mean, with the sum of their weights.
        Lesson lesson = mean(all)
                .map(known -> Lesson.of(subnet, 1, all.size(), new Teacher.Known(known)))
                .orElseGet(() -> Lesson.of(subnet));
        return supernet.train(
                context.batch(), new TrainingStep(List.of(lesson), Combination.SUM, context.learningRate()));
    }

    /** The mean of class probabilities, added up in their order; empty of none. */
    private static Optional<float[]> mean(List<float[]> all) {
        if (all.size() < 2) {
            return all.stream().findFirst();
        }
        float[] means = new float[all.get(0).length];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            for (float[] one : all) {
                sum += one[i];
            }
            means[i] = (float) (sum / all.size());
        }
        return Optional.of(means);
    }

    /** Makes it. */
    public static final class Provider implements TrainingSchemeProvider {

        private static final List<String> ACCEPTED = List.of("none", "parent", "siblings", "both");
        private static final Map<String, Object> DEFAULTS = Map.of(TEACHERS, "both");

        @Override
        public String name() {
            return "mutual";
        }

        @Override
        public Map<String, Object> defaults() {
            return DEFAULTS;
        }

        @Override
        public TrainingScheme create(SchemeSpec spec) {
            spec.requireOneSubnetPerStep("a step trains one subnet that others teach");
            return new MutualScheme(BY_NAME.get(new Settings(spec.settings()).oneOf(TEACHERS, ACCEPTED)));
        }
    }
}
