package io.efsnas.driver.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
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
record RecordedSelection(
        String architecture,
        int nonlinearities,
        double accuracy,
        double loss,
        long flops,
        long parameters,
        int rank,
        int ranked,
        List<String> reasons) {}
