package io.efsnas.driver.flow;

import io.efsnas.driver.config.RetrainConfig;
import io.efsnas.job.TaskPlace;
import org.apache.spark.SparkConf;

/**
 * How many threads a task that retrains a network has on a CPU.
 *
 * @param shareAll whether the tasks that run at a time share all cores, else each has those that Spark gives a task
 * @param cores all cores of embedded Spark
 * @param ofATask the cores that Spark gives a task
 */
record RetrainingThreads(boolean shareAll, int cores, int ofATask) {

    /**
     * On embedded Spark all cores are shared by tasks whose number of threads decides no bit of the result, and are those of
     * a task beside which none runs.
     *
     * @param several whether several networks are trained, side by side as far as there is room
     * @param cores all cores of embedded Spark
     */
    static RetrainingThreads of(RetrainingChoice choice, boolean several, SparkConf spark, int cores) {
        boolean shareAll = TaskPlace.isEmbedded(spark) && (choice.engine() == RetrainConfig.Engine.VECTOR || !several);
        return new RetrainingThreads(shareAll, cores, spark.getInt("spark.task.cpus", 1));
    }

    /** The threads of each of so many tasks that run at a time. */
    int each(int tasks) {
        return shareAll ? Math.max(1, cores / Math.max(1, tasks)) : ofATask;
    }
}
