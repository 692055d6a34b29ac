package io.efsnas.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.network.Cost;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Network;
import io.efsnas.space.nasbench201.NasBench201Space;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever the space, asking for too much ends. */
class SamplingTest {

    @Test
    void aPartThatHasNothingIsGivenUp() {
        SearchSpace space = new NasBench201Space();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Sampling.connected(space, new Nothing(), new SplittableRandom(1)))
                .withMessage(
                        "none of 1000000 random architectures of nas-bench-201 is connected and in the part nothing;"
                                + " split the space into larger parts");
    }

    @Test
    void aSpaceThatIsTooLargeIsNotListed() {
        assertThat(Enumeration.isPossible(ChainSpace.MOBILE_NET)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Enumeration.of(ChainSpace.MOBILE_NET))
                .withMessage("the search space chain is too large to be listed: it has "
                        + Enumeration.size(ChainSpace.MOBILE_NET)
                        + " architectures, and lists have at most 4000000");
    }

    @Test
    void spacesAreFoundByName() {
        assertThat(SearchSpaces.named("nas-bench-201")).isInstanceOf(NasBench201Space.class);
        assertThat(SearchSpaces.names()).contains("nas-bench-201");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SearchSpaces.named("nas-bench-301"))
                .withMessage(
                        "there is no search space 'nas-bench-301'; known: " + String.join(", ", SearchSpaces.names()));
    }

    @Test
    void aSpaceThatDoesNotCountSaysSo() {
        SearchSpace counting = ChainSpace.MOBILE_NET;

        assertThat(Counted.of(counting)).isSameAs(counting);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Counted.of(new Uncounted()))
                .withMessage("the search space uncounted counts no nonlinear functions");
    }

    private record Nothing() implements SpacePart {
        @Override
        public String label() {
            return "nothing";
        }

        @Override
        public boolean contains(Architecture architecture) {
            return false;
        }
    }

    /** Three choices of which nobody counts anything. */
    private static final class Uncounted implements SearchSpace {

        private static final long serialVersionUID = 1;

        @Override
        public String name() {
            return "uncounted";
        }

        @Override
        public List<Integer> choices() {
            return List.of(3);
        }

        @Override
        public Architecture parse(String text) {
            return Architecture.of(Integer.valueOf(text));
        }

        @Override
        public String format(Architecture architecture) {
            return Integer.toString(architecture.choice(0));
        }

        @Override
        public boolean connected(Architecture architecture) {
            return true;
        }

        @Override
        public Network network(Architecture architecture, ModelSize size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Cost cost(Architecture architecture, ModelSize size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Architecture> covering() {
            throw new UnsupportedOperationException();
        }
    }
}
