package io.efsnas.driver.spark;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts the tasks that have ended well. */
final class TaskEnds extends TaskListener {

    private final IntConsumer listener;
    private final AtomicInteger done = new AtomicInteger();

    /** @param listener called on a thread of Spark's with how many have ended */
    TaskEnds(String tag, IntConsumer listener) {
        super(tag);
        this.listener = listener;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (job(end.stageId()).isPresent() && end.reason() instanceof Success$) {
            listener.accept(done.incrementAndGet());
        }
    }
}
