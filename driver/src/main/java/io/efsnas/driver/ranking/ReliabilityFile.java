package io.efsnas.driver.ranking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.statistics.Proportion;
import io.efsnas.driver.storage.JsonFile;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The file {@code reliability.json}: how far the accuracies of a ranking can be believed, without any true ones. Its
 * keys:
 *
 * <ul>
 *   <li>{@code images}: that every subnet was scored on;
 *   <li>{@code halves}, {@code checkpoints}, {@code liveParameters}: how the accuracies on both halves of the images, by
 *       the last two checkpoints (absent if there were none), and accuracies and live parameters agree: {@code overall}
 *       and a list of {@code subspaces}, each with {@code architectures}, {@code kendallTau} and {@code spearmanRho},
 *       which are {@code null} where undefined;
 *   <li>{@code ofAccuracy}: the share of the ranks by accuracy that is no chance, 0 to 1; {@code null} if unknown;
 *   <li>{@code liveParametersWeight}: what the rank by live parameters counts beside the one by accuracy, if
 *       {@code ranking.score} asks for both;
 *   <li>{@code intervals}: for each {@code accuracy} in the ranking, the highest first, the interval {@code low} to
 *       {@code high} in which 95 of 100 times the accuracy on all images there could be lies.
 * </ul>
 */
public final class ReliabilityFile {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WEIGHT = "liveParametersWeight";

    private ReliabilityFile() {}

    /**
     * Writes what is known of a ranking's reliability, in place of an earlier file.
     *
     * @param weight of the rank by live parameters, as configured or as the reliability gives it
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void write(FileSystem files, Path path, Reliability reliability, double weight, Ranking ranking) {
        ObjectNode json = JSON.createObjectNode().put("images", reliability.images());
        reliability.halves().writeTo(json.putObject("halves"));
        reliability.checkpoints().ifPresent(checkpoints -> checkpoints.writeTo(json.putObject("checkpoints")));
        reliability.prior().writeTo(json.putObject("liveParameters"));
        double ofAccuracy = reliability.ofAccuracy();
        json.put("ofAccuracy", Double.isNaN(ofAccuracy) ? null : Double.valueOf(ofAccuracy))
                .put(WEIGHT, weight);
        ArrayNode intervals = json.putArray("intervals");
        ranking.subnets().stream()
                .map(ScoredSubnet::accuracy)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .forEach(accuracy -> {
                    ConfidenceInterval interval =
                            Proportion.of(accuracy, reliability.images()).interval();
                    intervals
                            .addObject()
                            .put("accuracy", accuracy)
                            .put("low", interval.getLowerBound())
                            .put("high", interval.getUpperBound());
                });
        JsonFile.write(files, path, json);
    }

    /**
     * Reads the weight of the rank by live parameters from what {@link #write} wrote; empty if the file is not there.
     *
     * @throws UserMistake naming the file if it has no such weight
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static OptionalDouble readWeight(FileSystem files, Path path) {
        Optional<JsonNode> json = JsonFile.read(files, path);
        if (json.isEmpty()) {
            return OptionalDouble.empty();
        }
        JsonNode weight = json.get().path(WEIGHT);
        if (!weight.isNumber()) {
            throw new UserMistake(path + " is damaged: it has no number " + WEIGHT);
        }
        return OptionalDouble.of(weight.doubleValue());
    }
}
