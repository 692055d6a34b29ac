package io.efsnas.driver.ranking;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.space.SearchSpace;
import io.efsnas.storage.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
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
 * The files {@code ranking.csv} and {@code ranking.parquet}: a row for each subnet, the best first. Accuracies,
 * losses and scores are written with all digits that tell two doubles apart.
 */
public final class RankingFile {

    private static final StructType SCHEMA = new StructType()
            .add("rank", DataTypes.IntegerType, false)
            .add("architecture", DataTypes.StringType, false)
            .add("subspace", DataTypes.IntegerType, false)
            .add("nonlinearities", DataTypes.IntegerType, false)
            .add("accuracy", DataTypes.DoubleType, false)
            .add("loss", DataTypes.DoubleType, false)
            .add("flops", DataTypes.LongType, false)
            .add("parameters", DataTypes.LongType, false)
            .add("score", DataTypes.DoubleType, false);

    private RankingFile() {}

    /**
     * Writes a ranking as comma-separated values, in place of an earlier one.
     *
     * @throws UncheckedIOException naming the file if it cannot be written
     */
    public static void writeCsv(FileSystem files, Path path, Ranking ranking) {
        CsvFile.write(files, path, List.of(SCHEMA.fieldNames()), rows(ranking).stream());
    }

    /**
     * Reads what {@link #writeCsv} wrote.
     *
     * @throws UserMistake naming the file and line of a malformed row
     * @throws UncheckedIOException naming the file if it cannot be read
     */
    public static Ranking readCsv(FileSystem files, Path path, SearchSpace space) {
        List<ScoredSubnet> subnets = CsvFile.read(
                files,
                path,
                List.of(SCHEMA.fieldNames()),
                row -> new ScoredSubnet(
                        space.parse(row.text("architecture")),
                        row.intValue("subspace"),
                        row.intValue("nonlinearities"),
                        row.doubleValue("accuracy"),
                        row.doubleValue("loss"),
                        row.longValue("flops"),
                        row.longValue("parameters"),
                        row.doubleValue("score")));
        return UserMistake.checking(path + ": ", () -> new Ranking(space, subnets));
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
                        SCHEMA)
                .coalesce(1)
                .sortWithinPartitions("rank")
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
        return spark.read().schema(SCHEMA).parquet(path.toString()).orderBy("rank");
    }

    /** In the order of the columns. */
    private static List<List<Object>> rows(Ranking ranking) {
        List<List<Object>> rows = new ArrayList<>();
        for (ScoredSubnet subnet : ranking.subnets()) {
            rows.add(List.of(
                    rows.size() + 1,
                    ranking.space().format(subnet.architecture()),
                    subnet.subspace(),
                    subnet.nonlinearities(),
                    subnet.accuracy(),
                    subnet.loss(),
                    subnet.flops(),
                    subnet.parameters(),
                    subnet.score()));
        }
        return rows;
    }
}
