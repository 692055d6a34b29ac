package io.efsnas.driver;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a search has found. Spark sends it along with functions of a notebook's cell in which it stands.
 *
 * @param runDirectory the URI of the directory with the files of the search
 * @param architecture the selected one, in the space's text form
 * @param reasons why it was selected, in sentences for people
 * @param ranking every measured architecture, the best first: {@code rank, architecture, node}, a column for each measure,
 *     and {@code score}. It is read from {@code ranking.parquet} each time that it is used.
 */
public record SearchResult(String runDirectory, String architecture, List<String> reasons, Dataset<Row> ranking)
        implements Serializable {}
