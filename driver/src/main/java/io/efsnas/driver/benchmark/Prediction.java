package io.efsnas.driver.benchmark;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a search, or any other predictor, says of an architecture.
 *
 * @param subspace index of the architecture's subspace, from 0, if the predictor has subspaces
 * @param accuracy in any unit; the higher the better
 * @param loss the lower the better, if the predictor has it; not a number if its supernet diverged
 * @param score that the architecture was ranked by, the higher the better
 */
public record Prediction(
        Architecture architecture, OptionalInt subspace, double accuracy, OptionalDouble loss, double score) {

    public Prediction {
        if (!Double.isFinite(accuracy)) {
            throw new IllegalArgumentException("accuracy must be finite, not " + accuracy);
        }
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("score must be a number, not NaN");
        }
    }

    /**
     * Reads a table with the columns {@code architecture}, {@code accuracy} and perhaps {@code subspace}, {@code loss}
     * and {@code score}, such as {@code ranking.csv}; other columns are passed over. Without scores, the architectures
     * were ranked by accuracy.
     *
     * @throws UserMistake naming the file and line of a malformed row or of an architecture's second one
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static List<Prediction> read(FileSystem files, Path path, SearchSpace space) {
        Set<Architecture> seen = new HashSet<>();
        return CsvFile.read(files, path, List.of("architecture", "accuracy"), row -> {
            Architecture architecture = space.parse(row.text("architecture"));
            if (!seen.add(architecture)) {
                throw new IllegalArgumentException(space.format(architecture) + " is listed twice");
            }
            OptionalInt subspace = row.has("subspace") ? OptionalInt.of(row.intValue("subspace")) : OptionalInt.empty();
            OptionalDouble loss = row.has("loss") ? OptionalDouble.of(row.doubleValue("loss")) : OptionalDouble.empty();
            double accuracy = row.doubleValue("accuracy");
            double score = row.has("score") ? row.doubleValue("score") : accuracy;
            return new Prediction(architecture, subspace, accuracy, loss, score);
        });
    }
}
