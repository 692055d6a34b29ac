package io.efsnas.network;

import java.util.List;

/**
 * A second classifier in the middle of a network, whose loss helps to train the layers before it, and which is of no use
 * afterwards (Szegedy et al., <i>Going Deeper with Convolutions</i>, CVPR 2015). It is that of DARTS (Liu, Simonyan, Yang,
 * ICLR 2019): a ReLU, an average pool to 2x2 pixels, a pointwise convolution to 128 channels, a convolution of these four
 * pixels to 768, each with a batch norm and a ReLU, and a linear layer.
 *
 * <p>The pool's stride is three eighths of the map's side, rounded down and at least 1, and its window the rest of the side.
 * That gives the windows of 5 of both of DARTS's heads: with stride 3 for the 8x8 maps of CIFAR and with stride 2 for the
 * 7x7 maps of ImageNet.
 *
 * @param network the network with the head
 * @param logits the position of the node that gives the head's logits; the last node still gives the network's own
 */
public record AuxiliaryHead(Network network, int logits) {

    /** What the names of all of its tensors begin with. */
    public static final String PREFIX = "auxiliary-head.";

    private static final int REDUCED = 128;
    private static final int FEATURES = 768;
    private static final int PIXELS = 2;

    /**
     * A network with a head.
     *
     * @throws IllegalArgumentException if the network has no place for one, or if the maps there are not square or smaller
     *     than 2x2
     */
    public static AuxiliaryHead on(Network network) {
        int place = network.headPlace()
                .orElseThrow(() ->
                        new IllegalArgumentException("networks of this space have no place for an auxiliary head"));
        Shape maps = network.nodes().get(place).shape();
        if (maps.height() != maps.width() || maps.height() < PIXELS) {
            throw new IllegalArgumentException("an auxiliary head takes square maps of at least 2x2 pixels, not "
                    + maps.height() + "x" + maps.width());
        }
        int stride = Math.max(1, 3 * maps.height() / 8);
        Network.Builder net = new Network.Builder(network);
        int value = net.averagePool(net.relu(place), maps.height() - stride, stride, 0);
        value = convolved(net, net.convolution(value, PREFIX + "reduce.conv", REDUCED, 1, 1), "reduce");
        // Of 3x3, only the lower right quarter meets pixels: a convolution of 2x2 without padding, in which the others,
        // whose gradients are 0, take no part.
        value = convolved(net, net.convolution(value, PREFIX + "features.conv", FEATURES, 3, 2), "features");
        int logits = net.linear(value, PREFIX + "classifier", network.classes());
        Network.Node last = network.nodes().get(network.nodes().size() - 1);
        net.add(last.layer(), List.copyOf(last.inputs()));
        return new AuxiliaryHead(net.build(), logits);
    }

    private static int convolved(Network.Builder net, int convolution, String name) {
        return net.relu(net.batchNorm(convolution, PREFIX + name + ".norm"));
    }
}
