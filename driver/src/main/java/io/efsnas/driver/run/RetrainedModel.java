package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What {@code model.json} says of the architecture that was trained from scratch.
 *
 * @param testAccuracy 0 to 1
 * @param seconds that training took
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RetrainedModel(
        String architecture, @JsonProperty("test_accuracy") double testAccuracy, int epochs, double seconds) {}
