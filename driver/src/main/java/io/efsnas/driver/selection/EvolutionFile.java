package io.efsnas.driver.selection;

import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.space.SearchSpace;
import io.efsnas.storage.AtomicFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The file {@code evolution.csv}: a row for each architecture that an evolution has scored so far, in the order of the
 * generations. Accuracies and losses are written with all digits that tell two doubles apart.
 */
public final class EvolutionFile {

    private static final List<String> COLUMNS = List.of(
            "generation",
            "architecture",
            "origin",
            "accuracy",
            "loss",
            "subspace",
            "nonlinearities",
            "flops",
            "parameters");

    private EvolutionFile() {}

    /**
     * Writes the individuals of all generations so far, in place of an earlier file.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void write(FileSystem files, Path path, List<Individual> individuals, SearchSpace space) {
        StringBuilder csv = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (Individual individual : individuals) {
            ScoredSubnet subnet = individual.subnet();
            List<Object> values = List.of(
                    individual.generation(),
                    space.format(subnet.architecture()),
                    individual.origin(),
                    subnet.accuracy(),
                    subnet.loss(),
                    subnet.subspace(),
                    subnet.nonlinearities(),
                    subnet.flops(),
                    subnet.parameters());
            csv.append(String.join(",", values.stream().map(Object::toString).toList()))
                    .append('\n');
        }
        AtomicFile.write(files, path, csv.toString().getBytes(StandardCharsets.UTF_8));
    }
}
