package io.efsnas.driver.flow;

import io.efsnas.driver.config.TrainingConfig;
import io.efsnas.driver.run.SearchRecord;
import io.efsnas.driver.spark.WorkerPlan;
import io.efsnas.split.SupernetNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * How many workers train each supernet. That decides results: it is decided when a phase begins, and kept by a search that
 * resumes, whatever the cluster gives then.
 */
final class PhaseWorkers {

    private final TrainingConfig training;
    private final IntSupplier slots;
    private final Map<String, Integer> byNode = new HashMap<>();

    /**
     * @param earlier what an earlier process has decided
     * @param slots how many tasks can run at a time
     */
    PhaseWorkers(TrainingConfig training, Optional<SearchRecord> earlier, IntSupplier slots) {
        this.training = training;
        this.slots = slots;
        earlier.stream()
                .flatMap(search -> search.tree().stream())
                .filter(node -> node.workers() != null)
                .forEach(node -> byNode.put(node.node(), node.workers()));
    }

    /**
     * Decides for the supernets of a phase, unless that was done before.
     *
     * @param decided run if it was not
     */
    WorkerPlan of(List<SupernetNode> phase, Runnable decided) {
        if (isAlwaysOne()) {
            return plan(1);
        }
        String first = phase.get(0).id();
        if (!byNode.containsKey(first)) {
            int workers = training.workers().ofASupernet(phase.size(), slots.getAsInt());
            phase.forEach(node -> byNode.put(node.id(), workers));
            decided.run();
        }
        return plan(byNode.get(first));
    }

    private boolean isAlwaysOne() {
        return training.workers().workers().orElse(2) == 1
                || !training.scheme().create().suitsWorkers();
    }

    private WorkerPlan plan(int workers) {
        return new WorkerPlan(workers, training.workers().averagingSteps());
    }

    /** How many train a supernet, if that was decided. */
    Optional<Integer> of(String node) {
        return Optional.ofNullable(byNode.get(node));
    }
}
