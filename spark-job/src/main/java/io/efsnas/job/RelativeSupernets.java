package io.efsnas.job;

import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetState;
import io.efsnas.training.Relation;
import io.efsnas.training.Relatives;
import io.efsnas.training.SupernetStates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The supernets that another one learns from in a round, made from their checkpoints for this round alone: what a round
 * begins with decides what it learns, wherever and after whichever restart it runs.
 */
final class RelativeSupernets implements AutoCloseable {

    private final SearchJob job;
    private final Device device;
    private final List<Supernet> made = new ArrayList<>();

    private RelativeSupernets(SearchJob job, Device device) {
        this.job = job;
        this.device = device;
    }

    /** Makes none yet. */
    static RelativeSupernets on(SearchJob job, Device device) {
        return new RelativeSupernets(job, device);
    }

    /**
     * Makes those that a supernet learns from in a round.
     *
     * @param wanted what they are to it
     * @param fromStep steps that it has taken before the round
     * @throws IOException if a checkpoint is missing or damaged
     */
    Relatives of(SupernetNode node, Set<Relation> wanted, long fromStep) throws IOException {
        SupernetStates states = job.states();
        Optional<Supernet> parent = Optional.empty();
        if (wanted.contains(Relation.PARENT) && node.parent().isPresent()) {
            SupernetState state = states.parent(node).orElseThrow();
            parent = Optional.of(make(job.tree().node(node.origin()), state));
        }
        List<Relatives.Sibling> siblings = new ArrayList<>();
        if (wanted.contains(Relation.SIBLING)) {
            for (SupernetNode sibling : job.tree().siblings(node)) {
                siblings.add(new Relatives.Sibling(sibling, make(sibling, states.sibling(sibling, node, fromStep))));
            }
        }
        return new Relatives(parent, siblings);
    }

    private Supernet make(SupernetNode node, SupernetState state) {
        Supernet supernet = job.engine()
                .engine()
                .create(job.spec(node, job.plan().batch()), job.engine().resources(device));
        made.add(supernet);
        supernet.restore(state);
        return supernet;
    }

    @Override
    public void close() {
        made.forEach(Supernet::close);
    }
}
