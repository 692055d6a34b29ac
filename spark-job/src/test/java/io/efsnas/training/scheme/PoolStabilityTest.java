package io.efsnas.training.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.space.Architecture;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoolStabilityTest {

    /** Subnets that are numbered from one number to below another. */
    private static List<Architecture> pool(int from, int to) {
        return IntStream.range(from, to).mapToObj(Architecture::of).toList();
    }

    private static boolean stable(List<Architecture> before, List<Architecture> now) {
        PoolStability stability = new PoolStability(1000, 0.92, 1);
        stability.drawn(before);
        assertThat(stability.isReached()).as("by the first pool alone").isFalse();
        stability.drawn(now);
        return stability.isReached();
    }

    /** The paper's numbers: a pool of 1,000, and 0.08 of it may change. */
    @Test
    void aPoolIsStableIfAtLeastItsShareStays() {
        assertThat(stable(pool(0, 1000), pool(80, 1080))).isTrue();
        assertThat(stable(pool(0, 1000), pool(81, 1081))).isFalse();
        assertThat(PoolStability.overlap(pool(0, 1000), pool(80, 1080), 1000)).isEqualTo(0.92);
    }

    @Test
    void aPoolThatIsNotFullLacksWhatIsMissing() {
        assertThat(stable(pool(0, 919), pool(0, 919))).isFalse();
        assertThat(stable(pool(0, 920), pool(0, 920))).isTrue();
    }

    @Test
    void poolsAreComparedOnceInSoManyDraws() {
        PoolStability stability = new PoolStability(10, 0.5, 3);
        stability.drawn(pool(0, 10));
        stability.drawn(pool(0, 10));
        stability.drawn(pool(20, 30));
        stability.drawn(pool(0, 10)); // the one before that is compared is the third
        stability.drawn(pool(20, 30));
        stability.drawn(pool(0, 10));
        assertThat(stability.isReached()).isFalse();

        stability.drawn(pool(40, 50));
        stability.drawn(pool(50, 60));
        stability.drawn(pool(5, 15));
        assertThat(stability.isReached()).isTrue();
    }

    @Test
    void whatWasStableOnceStaysSoThroughARestart() {
        PoolStability stability = new PoolStability(10, 0.5, 1);
        stability.drawn(pool(0, 10));
        stability.drawn(pool(0, 10));
        stability.drawn(pool(20, 30));
        assertThat(stability.isReached()).isTrue();

        PoolStability restored = new PoolStability(10, 0.5, 1);
        restored.restore(stability.state());
        assertThat(restored.isReached()).isTrue();
    }
}
