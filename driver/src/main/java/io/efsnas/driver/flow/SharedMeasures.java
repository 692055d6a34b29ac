package io.efsnas.driver.flow;

import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What searches that measure the same untrained networks do only once among them: each reads what the others have measured,
 * and they take turns.
 */
public final class SharedMeasures {

    /** Of a search that shares with none. */
    public static final SharedMeasures NONE = new SharedMeasures(List.of());

    private final List<RunDirectory> searches;
    private final Lock lock = new ReentrantLock();

    /**
     * Shares measures among searches of the same seed, images, final network and measures.
     *
     * @param searches the run directories of all of them
     */
    public SharedMeasures(List<RunDirectory> searches) {
        this.searches = List.copyOf(searches);
    }

    /** Whether no other search runs at the same time. */
    boolean alone() {
        return searches.isEmpty();
    }

    /**
     * Measures when no other of the searches does.
     *
     * @param own the run directory of the one that measures
     * @param measure is given the run directories of others that have measures
     */
    void inTurn(Optional<RunDirectory> own, Consumer<List<RunDirectory>> measure) {
        if (searches.isEmpty()) {
            measure.accept(List.of());
            return;
        }
        lock.lock();
        try {
            measure.accept(searches.stream()
                    .filter(search -> own.stream().noneMatch(mine -> mine.path().equals(search.path())))
                    .filter(search -> search.has(RunFile.MEASURES))
                    .toList());
        } finally {
            lock.unlock();
        }
    }
}
