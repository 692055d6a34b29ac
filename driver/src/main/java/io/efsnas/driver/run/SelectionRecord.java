package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The file {@code selection.json}: the selected architecture, what was measured of it, and why it was selected. Of long,
 * since the file has the values of the architecture beside those of the choice.
 *
 * @param architecture the architecture in the text form of its space
 * @param node id of the supernet that serves it
 * @param score the score that it was ranked by
 * @param rank its rank, from 1
 * @param ranked how many were ranked
 * @param images the number of images that scored each; absent if no supernet was trained
 * @param measures its values by the columns of {@code ranking.csv}; null for what is not a finite number
 * @param rankedBy what the score comes from
 * @param limits the most that the final network may cost, by columns of {@code ranking.csv}
 * @param rankedHigherButOverLimit how many were passed over for each limit, by the same columns
 * @param runnerUp the next in the ranking that meets the limits; absent if there is none
 * @param reasons why it was selected, in sentences for people
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SelectionRecord(
        @JsonProperty(required = true) String architecture,
        String node,
        double score,
        int rank,
        int ranked,
        Integer images,
        @JsonProperty(required = true) Map<String, Double> measures,
        RankedBy rankedBy,
        Map<String, Long> limits,
        Map<String, Long> rankedHigherButOverLimit,
        RunnerUp runnerUp,
        @JsonProperty(required = true) List<String> reasons) {

    /** A measured value of the selected architecture; empty if there is none. */
    public OptionalDouble measure(String column) {
        Double value = measures.get(column);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * What the score comes from.
     *
     * @param rule its name
     * @param sentence a sentence for people, with the reason
     * @param shares how much of the scores each column decides, 0 to 1
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RankedBy(String rule, String sentence, Map<String, Double> shares) {}

    /**
     * The architecture that would have been selected otherwise; its first values are as the selected one's.
     *
     * @param margin how far the selected one's accuracy exceeds its own; absent if no supernet was trained
     * @param toldApart whether the images that scored both tell their accuracies apart; absent if no supernet was trained
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RunnerUp(
            String architecture,
            String node,
            double score,
            Map<String, Double> measures,
            Double margin,
            Boolean toldApart) {}
}
