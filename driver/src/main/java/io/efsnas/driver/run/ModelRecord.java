package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.data.Normalization;
import io.efsnas.retraining.EpochReport;
import java.util.List;

/**
 * The file {@code model.json}: how an image becomes the model's input, what its output means, and its origin. Costs are by
 * both conventions: as the benchmark counts them, with operations that do not reach the output, and as the model has them,
 * without. Of long, since programs that use a model find each value by its name; the aliases are the names of earlier
 * versions.
 *
 * @param architecture the architecture in the text form of its space
 * @param inputShape channels, height and width of an image
 * @param normalization the normalization of its pixels
 * @param classNames the names of the classes in the order of the model's outputs
 * @param testAccuracy the test accuracy after the last epoch, 0 to 1
 * @param testImages the number of images that it was measured on
 * @param trainingImages the number of images that trained the model
 * @param epochs the number of epochs that it was trained for
 * @param seconds seconds that training took
 * @param flops multiply-adds for one image, as the benchmark counts them
 * @param parameters learned values, as the benchmark counts them
 * @param liveFlops multiply-adds of the model for one image
 * @param liveParameters learned values of the model
 * @param engine the engine that trained it, by its key in the configuration
 * @param workers the number of workers that trained it together
 * @param mode how they trained together, by its key in the configuration; absent where one worker trains alone
 * @param history each epoch
 * @param producedBy what it can be trained from again
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelRecord(
        @JsonProperty(required = true) String architecture,
        @JsonAlias("input_shape") List<Integer> inputShape,
        Normalization normalization,
        @JsonAlias("class_names") List<String> classNames,
        @JsonProperty(required = true) @JsonAlias("test_accuracy") double testAccuracy,
        @JsonAlias("test_images") int testImages,
        @JsonAlias("training_images") int trainingImages,
        @JsonProperty(required = true) int epochs,
        @JsonProperty(required = true) double seconds,
        long flops,
        long parameters,
        @JsonAlias("live_flops") long liveFlops,
        @JsonAlias("live_parameters") long liveParameters,
        String engine,
        int workers,
        String mode,
        List<EpochReport> history,
        @JsonAlias("produced_by") Producer producedBy) {}
