package io.efsnas.driver.benchmark;

import io.efsnas.driver.ranking.RankingScore;
import io.efsnas.driver.statistics.Ranks;
import io.efsnas.network.ModelSize;
import io.efsnas.space.Architecture;
import io.efsnas.space.Counted;
import io.efsnas.space.SearchSpace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Everything that could be ranked by: what a search found out, and what is known of an architecture without any training,
 * which a search has to beat.
 */
public final class Predictors {

    private Predictors() {}

    /**
     * The values that each predictor, by its name, gives the predicted architectures, the higher the better. The search's
     * are {@code accuracy}, {@code loss} if it is known of all, and {@code accuracy and live parameters}; trivial ones are
     * {@code count} (of nonlinear functions, where the space counts them), {@code FLOPs}, {@code parameters} and {@code live parameters}.
     *
     * @param size of the networks whose costs are taken
     * @param weight of the rank by live parameters beside that by accuracy
     */
    public static Map<String, double[]> of(
            List<Prediction> predictions, SearchSpace space, ModelSize size, double weight) {
        double[] accuracies = values(predictions, Prediction::accuracy);
        double[] live = ofArchitectures(
                predictions, architecture -> space.liveCost(architecture, size).parameters());
        Map<String, double[]> predictors = new LinkedHashMap<>();
        predictors.put("accuracy", accuracies);
        if (predictions.stream().allMatch(prediction -> prediction.loss().isPresent())) {
            predictors.put(
                    "loss",
                    values(
                            predictions,
                            prediction -> RankingScore.ofLoss(prediction.loss().getAsDouble())));
        }
        predictors.put("accuracy and live parameters", Ranks.weightedMean(accuracies, live, weight));
        if (space instanceof Counted counted) {
            predictors.put("count", ofArchitectures(predictions, counted::nonlinearities));
        }
        predictors.put("FLOPs", ofArchitectures(predictions, architecture -> space.cost(architecture, size)
                .flops()));
        predictors.put("parameters", ofArchitectures(predictions, architecture -> space.cost(architecture, size)
                .parameters()));
        predictors.put("live parameters", live);
        return predictors;
    }

    private static double[] ofArchitectures(List<Prediction> predictions, ToDoubleFunction<Architecture> value) {
        return values(predictions, prediction -> value.applyAsDouble(prediction.architecture()));
    }

    private static double[] values(List<Prediction> predictions, ToDoubleFunction<Prediction> value) {
        return predictions.stream().mapToDouble(value).toArray();
    }
}
