package io.efsnas.driver.ranking;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.rule.MeasuredSubnet;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.space.SearchSpace;
import io.efsnas.storage.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The files {@code ranking.csv}, {@code ranking.parquet} and {@code pareto.csv}: a row for each subnet, the best first, with the columns
 * {@code rank,architecture,node}, those of the measured subnets, and {@code score}. Numbers have all digits that tell two
 * doubles apart; what is not finite is an empty cell.
 */
public final class RankingFile {

    private static final String RANK = "rank";
    private static final String ARCHITECTURE = "architecture";
    private static final String NODE = "node";
    private static final String SCORE = "score";

    /** Those that are no measured values. */
    private static final List<String> OWN = List.of(RANK, ARCHITECTURE, NODE, SCORE);

    private RankingFile() {}

    /**
     * Writes a ranking as comma-separated values, in place of an earlier one.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void writeCsv(FileSystem files, Path path, Ranking ranking) {
        CsvFile.write(files, path, header(ranking), rows(ranking).stream().map(RankingFile::cells));
    }

    /**
     * Writes those rows whose subnets no other one dominates in accuracy, FLOPs, parameters and measured latency, in place of an earlier file.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void writeParetoFront(FileSystem files, Path path, Ranking ranking) {
        Set<RankedSubnet> front = new HashSet<>(ParetoFront.of(ranking.subnets()));
        List<List<Object>> rows = rows(ranking);
        CsvFile.write(
                files,
                path,
                header(ranking),
                IntStream.range(0, rows.size())
                        .filter(i -> front.contains(ranking.subnets().get(i)))
                        .mapToObj(i -> cells(rows.get(i))));
    }

    private static List<String> header(Ranking ranking) {
        List<String> header = new ArrayList<>(List.of(RANK, ARCHITECTURE, NODE));
        header.addAll(measured(ranking));
        header.add(SCORE);
        return header;
    }

    private static List<Object> cells(List<Object> row) {
        return row.stream()
                .map(value -> value instanceof Double number ? CsvFile.number(number) : value)
                .toList();
    }

    /**
     * Reads what {@link #writeCsv} wrote; an empty cell is not a number, and an empty score the worst one, minus infinity.
     *
     * @throws UserMistake naming the file and line of a malformed row
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static Ranking readCsv(FileSystem files, Path path, SearchSpace space) {
        List<RankedSubnet> subnets = CsvFile.read(files, path, List.of(ARCHITECTURE, NODE, SCORE), row -> {
            List<String> columns = row.columns().stream()
                    .filter(column -> !OWN.contains(column))
                    .toList();
            return new RankedSubnet(
                    new MeasuredSubnet(
                            space.parse(row.text(ARCHITECTURE)),
                            row.text(NODE),
                            columns,
                            columns.stream().map(row::numberOrNone).toList()),
                    row.text(SCORE).isEmpty() ? Double.NEGATIVE_INFINITY : row.doubleValue(SCORE));
        });
        return UserMistake.checking(path + ": ", () -> new Ranking(space, subnets, Map.of(), ""));
    }

    /**
     * Writes a ranking as one Parquet file, in place of an earlier one.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void writeParquet(SparkSession spark, Path path, Ranking ranking) {
        Path directory = AtomicFile.temporary(path);
        spark.createDataFrame(
                        rows(ranking).stream()
                                .map(row -> RowFactory.create(row.toArray()))
                                .toList(),
                        schema(ranking))
                .coalesce(1)
                .sortWithinPartitions(RANK)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(directory.toString());
        try {
            FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
            FileStatus[] parts =
                    files.listStatus(directory, part -> part.getName().startsWith("part-"));
            AtomicFile.replace(files, parts[0].getPath(), path);
            files.delete(directory, true);
        } catch (IOException e) {
            throw FileFailure.cannot("write", path, e);
        }
    }

    /** What {@link #writeParquet} wrote, the best first; it is read when the rows are used. */
    public static Dataset<Row> readParquet(SparkSession spark, Path path) {
        return spark.read().parquet(path.toString()).orderBy(RANK);
    }

    private static StructType schema(Ranking ranking) {
        StructType schema = new StructType()
                .add(RANK, DataTypes.IntegerType, false)
                .add(ARCHITECTURE, DataTypes.StringType, false)
                .add(NODE, DataTypes.StringType, false);
        for (String column : measured(ranking)) {
            schema = schema.add(column, DataTypes.DoubleType, true);
        }
        return schema.add(SCORE, DataTypes.DoubleType, false);
    }

    private static List<String> measured(Ranking ranking) {
        return ranking.subnets().stream()
                .findFirst()
                .map(subnet -> subnet.measured().columns())
                .orElse(List.of());
    }

    /** In the order of the columns; what is not finite is null. */
    private static List<List<Object>> rows(Ranking ranking) {
        List<List<Object>> rows = new ArrayList<>();
        for (RankedSubnet subnet : ranking.subnets()) {
            List<Object> row = new ArrayList<>();
            row.add(rows.size() + 1);
            row.add(ranking.space().format(subnet.architecture()));
            row.add(subnet.node());
            for (Double value : subnet.measured().values()) {
                row.add(Double.isFinite(value) ? value : null);
            }
            row.add(subnet.score());
            rows.add(row);
        }
        return rows;
    }
}
