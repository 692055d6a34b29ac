package io.efsnas.driver.measure;

import io.efsnas.driver.benchmark.TabularBenchmark;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.spark.Sessions;
import io.efsnas.measure.Measure;
import io.efsnas.measure.MeasureContext;
import io.efsnas.measure.Needs;
import io.efsnas.provider.Settings;
import io.efsnas.space.Architecture;
import io.efsnas.space.SearchSpace;
import io.efsnas.storage.FileSystems;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * The accuracy that a table has for an architecture, from 0 to 1, so that a search costs nothing where every architecture has
 * been trained before, as in tabular benchmarks (Dong, Yang, <i>NAS-Bench-201</i>, ICLR 2020). The table is read when the first
 * architecture is looked up; an architecture that it lacks is a {@link UserMistake}.
 */
public final class Table implements Measure {

    private static final long serialVersionUID = 1;
    private static final String FILE = "file";
    private static final String COLUMN = "column";
    private static final String NONE = "none";

    private final String file;
    private final String column;
    private transient TabularBenchmark read;

    /** With the defaults, which name no table. */
    public Table() {
        this(NONE, TabularBenchmark.TEST_ACCURACY);
    }

    private Table(String file, String column) {
        this.file = file;
        this.column = column;
    }

    @Override
    public String name() {
        return "table";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of(FILE, NONE, COLUMN, TabularBenchmark.TEST_ACCURACY);
    }

    @Override
    public Set<String> paths() {
        return Set.of(FILE);
    }

    @Override
    public Measure with(Map<String, Object> settings) {
        if (!(settings.get(FILE) instanceof String path) || path.equals(NONE)) {
            throw Settings.refusal(FILE, "the path of a CSV file");
        }
        if (!(settings.get(COLUMN) instanceof String name) || name.isBlank()) {
            throw Settings.refusal(COLUMN, "the name of a column");
        }
        return new Table(path, name);
    }

    @Override
    public List<String> columns() {
        return List.of("table-accuracy");
    }

    @Override
    public Needs needs() {
        return Needs.NOTHING;
    }

    @Override
    public double[] of(Architecture architecture, MeasureContext context) {
        double percent = table(context.space())
                .accuracy(architecture)
                .orElseThrow(() -> new UserMistake("measures.table.file: " + file + " has no architecture "
                        + context.space().format(architecture) + "; expected a table of all that are measured"));
        return new double[] {percent / 100};
    }

    private synchronized TabularBenchmark table(SearchSpace space) {
        if (read == null) {
            read = UserMistake.checking(() -> {
                Path path = FileSystems.path("measures.table.file", file);
                return TabularBenchmark.read(FileSystems.of(path, Sessions.hadoop()), path, space, column);
            });
        }
        return read;
    }
}
