package io.efsnas.job;

import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Supernet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.SparkEnv;

/**
 * What an executor keeps from one task to the next: the images and the supernets that it computed with last. Everything
 * in it can be had again from files.
 */
final class ExecutorMemory {

    /** A supernet that no task is using, and how many steps it has taken. */
    private record Idle(String search, int supernet, int batch, long step, Device device, Supernet network) {}

    private static final ExecutorMemory INSTANCE = new ExecutorMemory();

    /** Most recently used first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private DatasetSpec datasetSpec;
    private Dataset dataset;

    private ExecutorMemory() {}

    static ExecutorMemory get() {
        return INSTANCE;
    }

    /** The images, read once by an executor; those of the search before are let go. */
    synchronized Dataset dataset(ImageSource source) {
        if (!source.data().equals(datasetSpec) || !dataset.fingerprint().equals(source.fingerprint())) {
            dataset = Dataset.load(source.data(), source.hadoop().value());
            datasetSpec = source.data();
        }
        if (!dataset.fingerprint().equals(source.fingerprint())) {
            throw new IllegalStateException("the images under " + source.data().train() + " are not those that the"
                    + " search began with: their fingerprint is " + dataset.fingerprint() + ", not "
                    + source.fingerprint());
        }
        return dataset;
    }

    /** Takes out a supernet that has taken just these steps, if there is one. */
    synchronized Optional<Supernet> take(String search, int supernet, int batch, long step, Device device) {
        for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
            Idle one = all.next();
            if (one.search().equals(search)
                    && one.supernet() == supernet
                    && one.batch() == batch
                    && one.step() == step
                    && one.device().equals(device)) {
                all.remove();
                return Optional.of(one.network());
            }
        }
        return Optional.empty();
    }

    /**
     * Keeps a supernet for the next task; those of other searches go, and of more than one beyond as many as tasks can run
     * at a time the least recently used one.
     */
    void keep(String search, int supernet, int batch, long step, Device device, Supernet network) {
        try {
            network.rest(); // outside of the lock: on a GPU that waits for all that it has to do
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
        synchronized (this) {
            idle.removeIf(one -> {
                boolean ofAnother = !one.search().equals(search);
                if (ofAnother) {
                    one.network().close();
                }
                return ofAnother;
            });
            idle.addFirst(new Idle(search, supernet, batch, step, device, network));
            int slots = SparkEnv.get()
                            .conf()
                            .getInt("spark.executor.cores", Runtime.getRuntime().availableProcessors())
                    / SparkEnv.get().conf().getInt("spark.task.cpus", 1);
            while (idle.size() > slots + 1) {
                idle.removeLast().network().close();
            }
        }
    }
}
