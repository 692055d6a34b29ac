package io.efsnas.driver.run;

import io.efsnas.driver.run.ComparisonRecord.Quality;
import io.efsnas.driver.run.ComparisonRecord.Result;
import io.efsnas.driver.run.ComparisonRecord.Search;
import io.efsnas.driver.statistics.Spread;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The searches of a strategy in a comparison, one for each seed.
 *
 * @param searches at least one
 */
public record StrategyRecord(String name, List<Search> searches) {

    /** What those that are complete have found. */
    public List<Result> results() {
        return searches.stream().map(Search::result).filter(Objects::nonNull).toList();
    }

    /** How a value differs from seed to seed; empty if no complete search has it. */
    public Optional<Spread> spread(Function<Result, Double> value) {
        return Spread.of(results().stream().map(value).filter(Objects::nonNull).mapToDouble(Double::doubleValue));
    }

    /** The same of how well one of its predictors orders the table. */
    public Optional<Spread> spread(String predictor, Function<Quality, Double> value) {
        return spread(result -> result.quality(predictor).map(value).orElse(null));
    }
}
