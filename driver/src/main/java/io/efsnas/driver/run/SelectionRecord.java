package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The file {@code selection.json}: the selected architecture, its scores and costs, and why it was selected. Of long, since
 * the file has the values of the architecture beside those of the choice.
 *
 * @param architecture in the text form of its space
 * @param subspace index of its subspace
 * @param nonlinearities on its longest path
 * @param accuracy by its supernet, 0 to 1
 * @param loss by its supernet in nats; not a number if that diverged
 * @param flops multiply-adds of the final network for one image
 * @param parameters of the final network
 * @param score that it was ranked by
 * @param rank from 1
 * @param ranked how many were ranked
 * @param images that scored each
 * @param limits that it had to meet
 * @param rankedHigherButOverLimit how many were passed over for each limit
 * @param runnerUp the next in the ranking that meets the limits; absent if there is none
 * @param reasons in sentences for people
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SelectionRecord(
        @JsonProperty(required = true) String architecture,
        int subspace,
        int nonlinearities,
        @JsonProperty(required = true) double accuracy,
        double loss,
        @JsonProperty(required = true) long flops,
        @JsonProperty(required = true) long parameters,
        double score,
        int rank,
        int ranked,
        int images,
        Limits limits,
        PassedOver rankedHigherButOverLimit,
        RunnerUp runnerUp,
        @JsonProperty(required = true) List<String> reasons) {

    /**
     * The most that the final network may cost.
     *
     * @param flops absent for no limit
     * @param parameters absent for no limit
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(Long flops, Long parameters) {}

    /** How many that were ranked higher exceed each limit. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PassedOver(long flops, long parameters) {}

    /**
     * The architecture that would have been selected otherwise; its first values are as the selected one's.
     *
     * @param margin by which the selected one's accuracy exceeds its own
     * @param toldApart whether the images that scored both tell their accuracies apart
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RunnerUp(
            String architecture,
            int subspace,
            int nonlinearities,
            double accuracy,
            double loss,
            long flops,
            long parameters,
            double score,
            double margin,
            boolean toldApart) {}
}
