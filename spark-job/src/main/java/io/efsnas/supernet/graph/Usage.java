package io.efsnas.supernet.graph;

import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;

/** Who uses which node's output in a network, and so which buffers it needs for how long. */
final class Usage {

    private final int[] consumers;
    private final int[] owner;
    private final int[] lastUse;

    Usage(Network network) {
        int count = network.nodes().size();
        consumers = new int[count];
        owner = new int[count];
        lastUse = new int[count];
        for (Node node : network.nodes()) {
            node.inputs().forEach(input -> consumers[input]++);
        }
        for (Node node : network.nodes()) {
            owner[node.index()] =
                    overwritesInput(network, node) ? owner[node.inputs().get(0)] : node.index();
            for (int input : node.inputs()) {
                lastUse[owner[input]] = node.index();
            }
        }
        lastUse[count - 1] = count;
    }

    /** A batch norm takes over the buffer of a convolution: its gradient needs its output alone, the other's none. */
    private boolean overwritesInput(Network network, Node node) {
        return node.layer() instanceof Layer.BatchNorm
                && consumers[node.inputs().get(0)] == 1
                && network.nodes().get(node.inputs().get(0)).layer() instanceof Layer.Convolution;
    }

    /** How many times later nodes take the output of a node. */
    int consumers(int node) {
        return consumers[node];
    }

    /** The node whose buffer holds the output of a node: itself, or the one that it overwrites. */
    int owner(int node) {
        return owner[node];
    }

    boolean ownsBuffer(int node) {
        return owner[node] == node;
    }

    /** Whether a node is the last one, going forward, to take what is in a buffer. */
    boolean isLastUse(int owner, int node) {
        return lastUse[owner] == node;
    }
}
