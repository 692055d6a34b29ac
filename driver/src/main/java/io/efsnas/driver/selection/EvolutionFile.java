package io.efsnas.driver.selection;

import io.efsnas.driver.config.Key;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.space.SearchSpace;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The file {@code evolution.csv}: a row for each architecture that an evolution has scored so far, in the order of the
 * generations, with the columns of its measured values. Numbers have all digits that tell two doubles apart.
 */
public final class EvolutionFile {

    private static final List<String> OWN = List.of("generation", "architecture", "origin", "node");

    private EvolutionFile() {}

    /**
     * Writes the individuals of all generations so far, in place of an earlier file.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void write(FileSystem files, Path path, List<Individual> individuals, SearchSpace space) {
        List<String> columns = new ArrayList<>(OWN);
        individuals.stream()
                .findFirst()
                .ifPresent(any -> columns.addAll(any.subnet().columns()));
        CsvFile.write(files, path, columns, individuals.stream().map(individual -> values(individual, space)));
    }

    /** In the order of the columns. */
    private static List<Object> values(Individual individual, SearchSpace space) {
        MeasuredSubnet subnet = individual.subnet();
        List<Object> values = new ArrayList<>();
        values.add(individual.generation());
        values.add(space.format(subnet.architecture()));
        values.add(Key.of(individual.origin()));
        values.add(subnet.node());
        subnet.values().forEach(value -> values.add(CsvFile.number(value)));
        return values;
    }
}
