package io.efsnas.driver.selection;

import io.efsnas.driver.config.Key;
import io.efsnas.driver.ranking.ScoredSubnet;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
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
        CsvFile.write(files, path, COLUMNS, individuals.stream().map(individual -> values(individual, space)));
    }

    /** In the order of the columns. */
    private static List<Object> values(Individual individual, SearchSpace space) {
        ScoredSubnet subnet = individual.subnet();
        return List.of(
                individual.generation(),
                space.format(subnet.architecture()),
                Key.of(individual.origin()),
                subnet.accuracy(),
                subnet.loss(),
                subnet.subspace(),
                subnet.nonlinearities(),
                subnet.flops(),
                subnet.parameters());
    }
}
