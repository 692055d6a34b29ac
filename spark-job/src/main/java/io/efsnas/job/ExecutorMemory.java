package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState.Tensor;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;

/**
 * What an executor keeps from one task to the next: the images and the supernets that it computed with last. Everything
 * in it can be had again from files.
 */
final class ExecutorMemory {

    /**
     * A supernet with what the scheme that trains it has to remember.
     *
     * @param scheme by names of the scheme's own
     */
    record Kept(Supernet network, Map<String, Tensor> scheme) {}

    /** A supernet that no task is using, and how many steps it has taken. */
    private record Idle(SupernetKey key, long step, Kept kept) {}

    private static final ExecutorMemory INSTANCE = new ExecutorMemory();

    /** Most recently used first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    /** The images of the last tasks: searches that run at a time may have different ones. Memory that is short frees them. */
    private final Map<DatasetSpec, SoftReference<Dataset>> datasets = new HashMap<>();

    /** Those of the last task, which stay. */
    private Dataset dataset;

    private ExecutorMemory() {}

    static ExecutorMemory get() {
        return INSTANCE;
    }

    /** The images, read once by an executor as long as there is memory for them. */
    synchronized Dataset dataset(ImageSource source) {
        SoftReference<Dataset> kept = datasets.get(source.data());
        dataset = kept == null ? null : kept.get();
        if (dataset == null || !dataset.fingerprint().equals(source.fingerprint())) {
            dataset = Dataset.load(source.data(), source.hadoop().value());
            datasets.values().removeIf(freed -> freed.get() == null);
            datasets.put(source.data(), new SoftReference<>(dataset));
        }
        if (!dataset.fingerprint().equals(source.fingerprint())) {
            throw new IllegalStateException("the images under " + source.data().train() + " are not those that the"
                    + " search began with: their fingerprint is " + dataset.fingerprint() + ", not "
                    + source.fingerprint());
        }
        return dataset;
    }

    /** Takes out a supernet that has taken just these steps, if there is one. */
    synchronized Optional<Kept> take(SupernetKey key, long step) {
        for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
            Idle one = all.next();
            if (one.key().equals(key) && one.step() == step) {
                all.remove();
                return Optional.of(one.kept());
            }
        }
        return Optional.empty();
    }

    /**
     * Keeps a supernet for the next task, and closes the least recently used ones beyond (task slots + 1), of whichever
     * search: several may run at a time.
     */
    void keep(SupernetKey key, long step, Kept kept) {
        try {
            kept.network().rest(); // outside of the lock: on a GPU that waits for all that it has to do
        } catch (RuntimeException e) {
            kept.network().close();
            throw e;
        }
        synchronized (this) {
            idle.addFirst(new Idle(key, step, kept));
            int slots = SparkEnv.get()
                            .conf()
                            .getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors())
                    / SparkEnv.get().conf().getInt("spark.task.cpus", 1);
            while (idle.size() > slots + 1) {
                idle.removeLast().kept().network().close();
            }
        }
    }
}
