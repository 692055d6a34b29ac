package io.efsnas.driver.flow;

import io.efsnas.driver.config.EvolutionConfig;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.progress.Progress;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.driver.selection.Evolution;
import io.efsnas.driver.selection.EvolutionFile;
import io.efsnas.driver.selection.Generation;
import io.efsnas.driver.selection.Individual;
import io.efsnas.driver.selection.Limits;
import io.efsnas.driver.spark.SubnetScoring;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stage of a search that measures subnets: those that the configured strategy asks for. */
final class ScoringStage {

    private static final Logger log = LoggerFactory.getLogger(ScoringStage.class);

    /** Into how many pieces work is divided that is done beside training, at most. */
    private static final int PIECES = 20;

    private static final int LEAST_OF_A_PIECE = 16;

    private final SearchPlan plan;
    private final ScoreStore scores;
    private final MeasuringStage measuring;
    private final RunDirectory run;
    private final Optional<Evolution> evolution;

    /**
     * Prepares the stage, which can be done before anything is trained.
     *
     * @param known the supernets as far as they are known
     * @throws UserMistake if the strategy finds no architecture that meets the limits
     */
    ScoringStage(SearchPlan plan, SupernetTree known, ScoreStore scores, MeasuringStage measuring, RunDirectory run) {
        this.plan = plan;
        this.scores = scores;
        this.measuring = measuring;
        this.run = run;
        SearchConfig config = plan.config();
        EvolutionConfig breeding = config.selection().evolution();
        this.evolution = switch (config.selection().strategy()) {
            case RANKING -> {
                plan.scoring().requireListed();
                requireWithinLimits();
                yield Optional.empty();
            }
            case RANDOM -> Optional.of(evolution(breeding.withoutChildren()));
            case EVOLUTION -> Optional.of(evolution(breeding));
            case REGULARIZED_EVOLUTION -> Optional.of(new Evolution(
                    space(),
                    plan::cost,
                    plan.limits(),
                    plan.rule(),
                    config.selection().regularized(),
                    config.selectionSeed()));
        };
        measuring.requireMeasurable(evolution.map(Evolution::first).orElseGet(() -> plan.knownToBeScored()
                .orElse(List.of())));
    }

    private void requireWithinLimits() {
        Limits limits = plan.limits().ofCosts();
        if (!limits.equals(Limits.NONE)
                && plan.knownToBeScored()
                        .filter(known -> known.stream()
                                .noneMatch(architecture -> limits.metBy(column -> plan.cost(architecture, column))))
                        .isPresent()) {
            throw new UserMistake("ranking.limits: none of the architectures to be scored meets the limits of " + limits
                    + "; raise them");
        }
    }

    private Evolution evolution(EvolutionConfig breeding) {
        return new Evolution(
                space(),
                plan::cost,
                plan.limits(),
                plan.rule(),
                breeding,
                plan.config().selectionSeed());
    }

    private SearchSpace space() {
        return plan.space();
    }

    /**
     * What can be done beside training, in pieces: measuring without supernets what will be asked for, unless that depends on
     * what supernets say.
     */
    List<Runnable> beforeTraining(SupernetTree tree) {
        return evolution.isPresent() || plan.knownToBeScored().isEmpty()
                ? List.of()
                : pieces(plan.scoring().architectures(tree)).stream()
                        .map(piece -> (Runnable) () -> measuring.measureEarly(piece))
                        .toList();
    }

    /**
     * The same once a supernet has ended its training: scoring by it.
     *
     * @param scoring scoring by trained supernets
     */
    List<Runnable> afterTraining(SupernetTree tree, SupernetNode leaf, SubnetScoring scoring) {
        if (evolution.isPresent() || leaf.phase().sharesParts()) { // with what all have learned in the end
            return List.of();
        }
        return pieces(plan.scoring().architectures(tree, leaf)).stream()
                .map(piece -> (Runnable)
                        () -> scores.scores(scoring, plan.config().training().steps(), piece, (tasks, of) -> {}))
                .toList();
    }

    private static List<List<Architecture>> pieces(List<Architecture> all) {
        int most = Math.max(LEAST_OF_A_PIECE, all.size() / PIECES);
        return IntStream.iterate(0, from -> from < all.size(), from -> from + most)
                .mapToObj(from -> all.subList(from, Math.min(all.size(), from + most)))
                .toList();
    }

    /**
     * Measures what an earlier process has not, and gives the rows of all.
     *
     * @param scoring scoring by trained supernets; empty if nothing asks for them
     */
    List<MeasuredSubnet> run(SupernetTree tree, Optional<SubnetScoring> scoring, Progress progress) {
        if (evolution.isPresent()) {
            return evolve(evolution.get(), tree, scoring, progress);
        }
        plan.scoring().reportUnscored(tree);
        return rows(tree, scoring, plan.scoring().architectures(tree), progress::scored);
    }

    private List<MeasuredSubnet> evolve(
            Evolution search, SupernetTree tree, Optional<SubnetScoring> scoring, Progress progress) {
        List<Individual> individuals =
                search.run(candidates -> rows(tree, scoring, candidates, (tasks, of) -> {}), soFar -> {
                    run.requireLease();
                    EvolutionFile.write(run.files(), run.path(RunFile.EVOLUTION), soFar, space());
                    progress.generationEnded(
                            Generation.last(soFar, plan.rule().columns().get(0)), search.generations());
                });
        if (individuals.size() < search.budget()) {
            log.warn(
                    "scored {} architectures, not {}: no others were found within the limits",
                    individuals.size(),
                    search.budget());
        }
        return individuals.stream().map(Individual::subnet).toList();
    }

    private List<MeasuredSubnet> rows(
            SupernetTree tree,
            Optional<SubnetScoring> scoring,
            List<Architecture> architectures,
            SubnetScoring.Progress progress) {
        return scoring.map(supernets -> measuring.scored(
                        tree, scores.scores(supernets, plan.config().training().steps(), architectures, progress)))
                .orElseGet(() -> measuring.unscored(tree, architectures));
    }
}
