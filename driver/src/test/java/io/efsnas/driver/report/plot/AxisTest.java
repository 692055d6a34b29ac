package io.efsnas.driver.report.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0    | 97500 | 0, 20000, 40000, 60000, 80000 | 0; 20,000; 40,000; 60,000; 80,000",
                "0.92 | 2.07  | 1.0, 1.5, 2.0                 | 1.0; 1.5; 2.0",
                "-0.1 | 0.1   | -0.1, -0.05, 0, 0.05, 0.1     | -0.10; -0.05; 0.00; 0.05; 0.10",
                "7    | 8     | 7.0, 7.2, 7.4, 7.6, 7.8, 8.0  | 7.0; 7.2; 7.4; 7.6; 7.8; 8.0"
            })
    void ticksAreRoundNumbers(double from, double to, String values, String texts) {
        Axis axis = new Axis("", from, to);

        assertThat(axis.ticks())
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 * (to - from) ? 0 : Double.compare(a, b))
                .isEqualTo(List.of(values.split(", ", -1)).stream()
                        .map(Double::valueOf)
                        .toList());
        assertThat(axis.ticks().stream().map(axis::text)).containsExactly(texts.split("; ", -1));
    }

    @Property
    void ticksAreFewDistinctAndOnTheAxis(
            @ForAll @DoubleRange(min = -1e6, max = 1e6) double from,
            @ForAll @DoubleRange(min = 0.01, max = 1e9) double length) {
        Axis axis = new Axis("", from, from + length);

        List<Double> ticks = axis.ticks();

        assertThat(ticks).hasSizeBetween(2, 6).isSorted();
        assertThat(ticks.stream().map(axis::text)).doesNotHaveDuplicates();
        assertThat(ticks).allSatisfy(tick -> {
            assertThat(axis.at(tick)).isBetween(-1e-3, Axis.LENGTH + 1e-3);
            assertThat(new BigDecimal(axis.text(tick).replace(",", "")).doubleValue())
                    .isCloseTo(tick, within(length * 1e-6));
        });
    }

    @Test
    void hasRoomAroundItsValuesButNotBelowZero() {
        assertThat(Axis.around("", new double[] {20, 40, Double.NaN})).isEqualTo(new Axis("", 19, 41));
        assertThat(Axis.around("", new double[] {0.1, 40.1})).isEqualTo(new Axis("", 0, 42.1));
        assertThat(Axis.around("", new double[] {-20, 20})).isEqualTo(new Axis("", -22, 22));
        assertThat(Axis.around("", new double[] {40, 40})).isEqualTo(new Axis("", 38, 42));
        assertThat(Axis.around("", new double[] {0})).isEqualTo(new Axis("", 0, 0.5));
        assertThat(Axis.around("", new double[] {Double.NaN})).isEqualTo(new Axis("", 0, 1));
    }

    @Test
    void positionsAreThousandths() {
        Axis axis = new Axis("", 20, 40);

        assertThat(axis.at(20)).isZero();
        assertThat(axis.at(25)).isEqualTo(250);
        assertThat(axis.at(40)).isEqualTo(1000);
    }

    @Test
    void emptyAxisIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Axis("", 1, 1))
                .withMessage("an axis must not go from 1.0 to 1.0");
    }
}
