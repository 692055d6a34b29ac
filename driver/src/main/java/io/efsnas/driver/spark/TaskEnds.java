package io.efsnas.driver.spark;

import java.util.function.IntConsumer;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts the tasks that have ended well. */
final class TaskEnds extends TaskListener {

    private final int of;
    private final IntConsumer listener;
    private int done;

    /**
     * @param of how many tasks there are
     * @param listener called with how many have ended, each number once, in rising order
     */
    TaskEnds(String tag, int of, IntConsumer listener) {
        super(tag);
        this.of = of;
        this.listener = listener;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (job(end.stageId()).isPresent() && end.reason() instanceof Success$ && done < of) {
            listener.accept(++done);
        }
    }

    /** All tasks have ended, of the last of which Spark may tell later, or not any more. */
    synchronized void allEnded() {
        if (done < of) {
            done = of;
            listener.accept(done);
        }
    }
}
