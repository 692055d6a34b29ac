package io.efsnas.driver.run;

import io.efsnas.storage.LeaseOwner;
import org.apache.hadoop.fs.Path;

/** The files of a run directory, checkpoints and states of a retraining aside. */
public enum RunFile {
    /** What is searched, with what, and how it ended: a {@link SearchRecord}. */
    SEARCH("search.json"),
    /** A list of {@link io.efsnas.job.RoundReport}, one for each round that has ended. */
    ROUNDS("rounds.json"),
    /** All scores so far, by which a search resumes. */
    SCORES("scores.csv"),
    /** What was measured of architectures without supernets. */
    MEASURES("measures.csv"),
    /** The candidates of an evolution so far. */
    EVOLUTION("evolution.csv"),
    /** Every scored subnet, the best first. */
    RANKING("ranking.csv"),
    /** The same for Spark. */
    RANKING_PARQUET("ranking.parquet"),
    /** Those rows that no other one beats in accuracy, FLOPs and parameters at once. */
    PARETO("pareto.csv"),
    /** How far the ranking can be believed: a {@link ReliabilityRecord}. */
    RELIABILITY("reliability.json"),
    /** How the ranking agrees with true accuracies: a {@link CorrelationRecord}. */
    CORRELATION("correlation.json"),
    /** What was selected and why: a {@link SelectionRecord}. */
    SELECTION("selection.json"),
    /** The architectures that were trained from scratch to find the best: a {@link FinalistsRecord}. */
    FINALISTS("finalists.json"),
    /** The same as a table. */
    FINALISTS_TABLE("finalists.csv"),
    /** A model that DL4J loads. */
    MODEL_OF_DL4J("model.zip"),
    /** The weights of a model that one task has trained. */
    MODEL_WEIGHTS("model.safetensors"),
    /** What the model is and how images become its input: a {@link ModelRecord}. */
    MODEL("model.json"),
    /** The settings of a retraining and the epochs that it has done. */
    RETRAINING("retraining/progress.json"),
    /** Which run on an MLflow server this is: an {@link MlflowRecord}. */
    MLFLOW("mlflow.json"),
    /** The results for people. */
    REPORT("report.html"),
    /** What a comparison has found, in whose directory those of its searches are: a {@link ComparisonRecord}. */
    COMPARISON("comparison.json"),
    /** The same as a table of searches. */
    COMPARISON_TABLE("comparison.csv"),
    /** Which process may write. */
    LEASE(LeaseOwner.FILE);

    private final String fileName;

    RunFile(String fileName) {
        this.fileName = fileName;
    }

    /** The name within a run directory, with the folder that the file is in, if it is in one. */
    public String fileName() {
        return fileName;
    }

    /** The file of a run directory. */
    public Path in(Path directory) {
        return new Path(directory, fileName);
    }
}
