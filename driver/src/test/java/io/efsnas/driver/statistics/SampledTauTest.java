package io.efsnas.driver.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SampledTauTest {

    /** Against counting every two draws of the sample, written out with its repetitions. */
    @Property(tries = 300)
    void agreesWithTheDefinition(@ForAll("drawnPairs") List<int[]> drawnPairs) {
        double[] first = drawnPairs.stream().mapToDouble(pair -> pair[0] / 4.0).toArray();
        double[] second =
                drawnPairs.stream().mapToDouble(pair -> -pair[1] / 3.0).toArray();
        int[] times = drawnPairs.stream().mapToInt(pair -> pair[2]).toArray();

        double tau = new SampledTau(first, second).of(times);

        double expected = tauB(drawnPairs.stream()
                .flatMap(pair -> Collections.nCopies(pair[2], new int[] {pair[0], -pair[1]}).stream())
                .toList());
        if (Double.isNaN(expected)) {
            assertThat(tau).isNaN();
        } else {
            assertThat(tau).isCloseTo(expected, within(1e-12));
        }
    }

    /** Two scores, of few values so that ties are common, and how often the pair is drawn. */
    @Provide
    Arbitrary<List<int[]>> drawnPairs() {
        return Arbitraries.integers()
                .between(0, 6)
                .array(int[].class)
                .ofSize(3)
                .list()
                .ofMaxSize(25);
    }

    private static double tauB(List<int[]> sample) {
        long concordance = 0;
        long differentInFirst = 0;
        long differentInSecond = 0;
        for (int i = 0; i < sample.size(); i++) {
            for (int j = 0; j < i; j++) {
                int inFirst = Integer.compare(sample.get(i)[0], sample.get(j)[0]);
                int inSecond = Integer.compare(sample.get(i)[1], sample.get(j)[1]);
                concordance += (long) inFirst * inSecond;
                differentInFirst += Math.abs(inFirst);
                differentInSecond += Math.abs(inSecond);
            }
        }
        return concordance / Math.sqrt((double) differentInFirst * differentInSecond);
    }
}
