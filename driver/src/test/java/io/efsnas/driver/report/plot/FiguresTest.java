package io.efsnas.driver.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @ParameterizedTest
    @CsvSource({"51.84, 51.8_s", "734.2, 12_min 14_s", "7199.6, 2_h 0_min", "360000, 100_h 0_min"})
    void durationsAreInUnitsThatSuitThem(double seconds, String text) {
        assertThat(Figures.duration(seconds)).isEqualTo(text.replace('_', '\u00a0'));
    }

    @Test
    void intervalIsWilsons() {
        // By hand: (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96.
        assertThat(Figures.interval(0, 10)).isEqualTo("0.0\u201327.8\u00a0%");
        assertThat(Figures.interval(0.5, 100)).isEqualTo("40.4\u201359.6\u00a0%");
    }

    @Test
    void undefinedCoefficientIsADash() {
        assertThat(Figures.coefficient(null)).isEqualTo("\u2013");
        assertThat(Figures.coefficient(-0.12345)).isEqualTo("-0.123");
    }
}
