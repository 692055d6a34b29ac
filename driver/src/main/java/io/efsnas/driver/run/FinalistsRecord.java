package io.efsnas.driver.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.efsnas.driver.config.Key;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.retraining.EpochReport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The file {@code finalists.json}: the first of the ranking, trained from scratch side by side, of which the best on
 * held-out images is the model.
 *
 * @param epochs the number of epochs of a whole training
 * @param heldOut the number of images that judge
 * @param finalists in the order of the ranking
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FinalistsRecord(int epochs, int heldOut, @JsonProperty(required = true) List<Finalist> finalists) {

    /** The columns of {@code finalists.csv}. */
    static final List<String> COLUMNS = List.of(
            "rank",
            "architecture",
            "score",
            "expected_accuracy",
            "epochs",
            "loss",
            "validation_accuracy",
            "test_accuracy",
            "seconds",
            "live_flops",
            "live_parameters",
            "state",
            "failure");

    /** How far one has come. */
    public enum State {
        /** It is being trained, or waits for it. */
        TRAINING,
        /** It has all epochs, but another one is better. */
        FINISHED,
        /** Others were better after some of the epochs. */
        DROPPED,
        /** Its training has failed. */
        FAILED,
        /** It is the model. */
        WINNER
    }

    /**
     * One of them.
     *
     * @param rank its place among those of the ranking that meet the limits, from 1
     * @param architecture the architecture in the text form of its space
     * @param score what it was ranked by; null if that is not a number
     * @param expectedAccuracy that of its subnet in the supernet, which trained for less; null where there is none
     * @param liveFlops multiply-adds of the network for one image
     * @param liveParameters learned values of the network
     * @param history each epoch
     * @param failure why its training has failed, in one line; null if it has not
     * @param testAccuracy the accuracy on the test images, of the winner alone; else null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Finalist(
            int rank,
            String architecture,
            Double score,
            Double expectedAccuracy,
            long liveFlops,
            long liveParameters,
            List<EpochReport> history,
            State state,
            String failure,
            Double testAccuracy) {

        public Finalist {
            history = List.copyOf(history);
        }

        /** The same after more epochs. */
        public Finalist with(List<EpochReport> epochs, State now, String why) {
            return new Finalist(
                    rank,
                    architecture,
                    score,
                    expectedAccuracy,
                    liveFlops,
                    liveParameters,
                    epochs,
                    now,
                    why,
                    testAccuracy);
        }

        /** The same as the model. */
        public Finalist asWinner(double accuracy) {
            return new Finalist(
                    rank,
                    architecture,
                    score,
                    expectedAccuracy,
                    liveFlops,
                    liveParameters,
                    history,
                    State.WINNER,
                    failure,
                    accuracy);
        }

        /** Seconds that its training took. */
        public double seconds() {
            return history.stream().mapToDouble(EpochReport::seconds).sum();
        }

        /** The accuracy on the held-out images after its last epoch; null before the first. */
        public Double validationAccuracy() {
            return history.isEmpty() ? null : history.get(history.size() - 1).validationAccuracy();
        }

        private List<Object> row() {
            Double loss =
                    history.isEmpty() ? null : history.get(history.size() - 1).loss();
            return Arrays.asList(
                    rank,
                    architecture,
                    cell(score),
                    cell(expectedAccuracy),
                    history.size(),
                    cell(loss),
                    cell(validationAccuracy()),
                    cell(testAccuracy),
                    seconds(),
                    liveFlops,
                    liveParameters,
                    Key.of(state),
                    failure == null ? "" : failure);
        }

        private static Object cell(Double value) {
            return value == null ? "" : CsvFile.number(value);
        }
    }

    public FinalistsRecord {
        finalists = List.copyOf(finalists);
    }

    Stream<List<Object>> rows() {
        return finalists.stream().map(Finalist::row);
    }

    /** Seconds that all trainings took. */
    public double seconds() {
        return finalists.stream().mapToDouble(Finalist::seconds).sum();
    }
}
