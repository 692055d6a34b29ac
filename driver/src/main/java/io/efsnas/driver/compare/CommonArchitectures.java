package io.efsnas.driver.compare;

import io.efsnas.driver.flow.SearchPlan;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * The architectures that all searches of a seed score: those that the configuration would score without a comparison. A
 * table of them is in the directory of the comparison.
 */
record CommonArchitectures(Path path, SearchSpace space, List<Architecture> architectures) {

    static CommonArchitectures of(RunDirectory run, SearchPlan own, List<Architecture> architectures) {
        return new CommonArchitectures(run.architectures(own.config().seed()), own.space(), architectures);
    }

    void write(RunDirectory run) {
        run.requireLease();
        CsvFile.write(
                run.files(),
                path,
                List.of("architecture"),
                architectures.stream().map(space::format).map(List::of));
    }
}
