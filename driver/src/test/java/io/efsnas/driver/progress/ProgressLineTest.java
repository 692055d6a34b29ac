package io.efsnas.driver.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {

    private static final String LOSSES = "round 3, loss 0.766 / 0.823 / 0.729";

    private final ProgressLine line = new ProgressLine("steps", 100);

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 100, 200})
    void lossesStayWhateverTheWidth(int width) {
        String shown = line.line("training", 400, 1000, 10, LOSSES, width);

        assertThat(shown).hasSize(width).startsWith("training  40 %").contains(LOSSES);
    }

    @Test
    void aWideTerminalShowsAll() {
        assertThat(line.line("training", 400, 1000, 10, LOSSES, 130).strip())
                .isEqualTo("training  40 % [============                  ]  400/1000 steps, 30.0/s, 20 s left  "
                        + LOSSES);
    }

    @Test
    void ratesHaveADigitBeforeTheDot() {
        assertThat(line.line("scoring", 101, 200, 10, "", 80)).contains(", 0.1/s, ");
    }

    @Test
    void nothingDoneYetHasNoRate() {
        assertThat(line.line("scoring", 100, 200, 0, "", 40))
                .startsWith("scoring  50 % [")
                .doesNotContain("/s");
    }
}
