package io.efsnas.driver.benchmark;

import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The accuracy that a search, or any other predictor, gives an architecture.
 *
 * @param subspace index of the architecture's subspace, from 0, if the predictor has subspaces
 * @param accuracy in any unit; the higher the better
 */
public record Prediction(Architecture architecture, OptionalInt subspace, double accuracy) {

    public Prediction {
        if (!Double.isFinite(accuracy)) {
            throw new IllegalArgumentException("accuracy must be finite, not " + accuracy);
        }
    }

    public static Prediction of(ScoredSubnet subnet) {
        return new Prediction(subnet.architecture(), OptionalInt.of(subnet.subspace()), subnet.accuracy());
    }

    /**
     * Reads a table with the columns {@code architecture}, {@code accuracy} and perhaps {@code subspace}, such as
     * {@code ranking.csv}; other columns are passed over.
     *
     * @throws IllegalArgumentException naming the file and line of a malformed row or of an architecture's second one
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
            return new Prediction(architecture, subspace, row.doubleValue("accuracy"));
        });
    }
}
