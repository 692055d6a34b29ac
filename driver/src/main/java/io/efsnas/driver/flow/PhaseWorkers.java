package io.efsnas.driver.flow;

import io.efsnas.driver.config.TrainingConfig;
import io.efsnas.driver.run.NodeRecord;
import io.efsnas.driver.spark.PhaseSchedule;
import io.efsnas.driver.spark.WorkerPlan;
import io.efsnas.split.Phase;
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
     * @param earlier the supernets as an earlier process has recorded them
     * @param slots how many tasks can run at a time
     */
    PhaseWorkers(TrainingConfig training, List<NodeRecord> earlier, IntSupplier slots) {
        this.training = training;
        this.slots = slots;
        earlier.stream()
                .filter(node -> node.workers() != null)
                .forEach(node -> byNode.put(node.node(), node.workers()));
    }

    /**
     * Decides for the supernets of a phase, unless that was done before.
     *
     * @param nodes all of its supernets
     * @param decided run if it was not
     */
    WorkerPlan of(Phase phase, List<SupernetNode> nodes, Runnable decided) {
        String first = nodes.get(0).id();
        if (mayBeSeveral() && !byNode.containsKey(first)) {
            int devices = training.workers().workers().orElseGet(slots);
            int workers = schedule(phase, nodes.size()).workers(devices);
            nodes.forEach(node -> byNode.put(node.id(), workers));
            decided.run();
        }
        return new WorkerPlan(byNode.getOrDefault(first, 1), training.workers().averagingSteps());
    }

    /** @param supernets how many a phase has */
    static PhaseSchedule schedule(Phase phase, int supernets) {
        return new PhaseSchedule(supernets, phase.rounds(), phase.lockstep());
    }

    private boolean mayBeSeveral() {
        return training.workers().workers().orElse(2) > 1
                && training.scheme().create().suitsWorkers();
    }

    /** How many train a supernet, if that was decided. */
    Optional<Integer> of(String node) {
        return Optional.ofNullable(byNode.get(node));
    }
}
