package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code selection.json} says.
 *
 * @param accuracy 0 to 1
 * @param flops multiply-adds of the final network for one image
 * @param parameters of the final network
 * @param reasons in sentences
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RecordedSelection(
        @JsonProperty(required = true) String architecture,
        int nonlinearities,
        @JsonProperty(required = true) double accuracy,
        double loss,
        @JsonProperty(required = true) long flops,
        @JsonProperty(required = true) long parameters,
        int rank,
        int ranked,
        @JsonProperty(required = true) List<String> reasons) {}
