package io.efsnas.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.efsnas.network.Network.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layers of the head that a network trains with; what they compute is held to loops by the engines' tests. */
class AuxiliaryHeadTest {

    private static Network network(int height, int width) {
        Network.Builder net = new Network.Builder(new Shape(3, height, width));
        int maps = net.path(net.batchNorm(net.convolution(net.image(), "conv", 6, 3, 1), "norm"));
        net.placeHead(maps);
        net.linear(net.globalAveragePool(net.relu(maps)), "classifier", 10);
        return net.build();
    }

    @Test
    void comesBeforeTheClassifierAndMovesNothingElse() {
        Network network = network(8, 8);

        AuxiliaryHead head = AuxiliaryHead.on(network);

        List<Node> nodes = head.network().nodes();
        int before = network.nodes().size() - 1;
        assertThat(nodes.subList(0, before)).isEqualTo(network.nodes().subList(0, before));
        assertThat(head.network().paths()).isEqualTo(network.paths()).containsExactly(2);
        Node last = nodes.get(nodes.size() - 1);
        assertThat(last.layer()).isEqualTo(network.nodes().get(before).layer());
        assertThat(last.inputs()).isEqualTo(network.nodes().get(before).inputs());
        assertThat(head.logits()).isEqualTo(nodes.size() - 2);
        assertThat(nodes.get(head.logits()).shape()).isEqualTo(new Shape(10, 1, 1));
        assertThat(head.network().weights())
                .filteredOn(weight -> weight.name().startsWith(AuxiliaryHead.PREFIX))
                .extracting(Weight::name, Weight::shape)
                .containsExactly(
                        tuple("auxiliary-head.reduce.conv.weight", List.of(128, 6, 1, 1)),
                        tuple("auxiliary-head.features.conv.weight", List.of(768, 128, 3, 3)),
                        tuple("auxiliary-head.classifier.weight", List.of(10, 768)),
                        tuple("auxiliary-head.classifier.bias", List.of(10)));
    }

    /** The first two are DARTS's, for CIFAR and for ImageNet. */
    @ParameterizedTest
    @CsvSource({"8, 5, 3", "7, 5, 2", "2, 1, 1", "3, 2, 1", "4, 3, 1", "6, 4, 2", "16, 10, 6", "56, 35, 21"})
    void poolsMapsOfAnySizeToFourPixels(int side, int window, int stride) {
        List<Node> nodes = AuxiliaryHead.on(network(side, side)).network().nodes();

        Node pool = nodes.stream()
                .filter(node -> node.layer() instanceof Layer.AveragePool)
                .findFirst()
                .orElseThrow();
        assertThat(pool.layer()).isEqualTo(new Layer.AveragePool(window, stride, 0));
        assertThat(pool.shape()).isEqualTo(new Shape(6, 2, 2));
    }

    @Test
    void refusesMapsThatItCannotPool() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuxiliaryHead.on(network(8, 4)))
                .withMessage("an auxiliary head takes square maps of at least 2x2 pixels, not 8x4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuxiliaryHead.on(network(1, 1)))
                .withMessage("an auxiliary head takes square maps of at least 2x2 pixels, not 1x1");
    }

    @Test
    void refusesNetworksWithoutAPlace() {
        Network.Builder net = new Network.Builder(new Shape(3, 8, 8));
        net.linear(net.globalAveragePool(net.image()), "classifier", 10);
        Network network = net.build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuxiliaryHead.on(network))
                .withMessage("networks of this space have no place for an auxiliary head");
    }

    @Test
    void aPathEndsWhereItsGradientIsKnownWithoutItsOutput() {
        Network.Builder net = new Network.Builder(new Shape(3, 8, 8));
        int relu = net.relu6(net.image());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> net.path(relu))
                .withMessage("a path ends in a batch norm or a pool, not in Relu6[]");
    }
}
