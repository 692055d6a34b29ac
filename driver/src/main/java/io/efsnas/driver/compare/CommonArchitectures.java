package io.efsnas.driver.compare;

import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * The architectures that all searches of a seed score: those that the configuration would score without a comparison. A
 * table of them is in the directory of the comparison.
 */
record CommonArchitectures(Path path, SearchSpace space, List<Architecture> architectures) {

    private static final List<String> COLUMNS = List.of("architecture");

    static CommonArchitectures of(RunDirectory run, SearchPlan own, List<Architecture> architectures) {
        return new CommonArchitectures(run.architectures(own.config().seed()), own.space(), architectures);
    }

    /**
     * Writes the table, if it is not there yet.
     *
     * @throws UserMistake if there is another one, which searches have scored
     */
    void write(RunDirectory run) {
        run.requireLease();
        try {
            if (!run.files().exists(path)) {
                CsvFile.write(
                        run.files(),
                        path,
                        COLUMNS,
                        architectures.stream().map(space::format).map(List::of));
            }
        } catch (IOException e) {
            throw FileFailure.cannot("read", path, e);
        }
        if (!CsvFile.read(run.files(), path, COLUMNS, row -> space.parse(row.text(COLUMNS.get(0))))
                .equals(architectures)) {
            throw new UserMistake(path + " has other architectures than the configuration would score now;"
                    + " use another run directory");
        }
    }
}
