package io.efsnas.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.driver.run.ChoiceRecord.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceRecordTest {

    private static String kept(Candidate... candidates) {
        return ChoiceRecord.of("root", List.of(candidates)).kept();
    }

    @Test
    void theMostAccurateIsKeptThenThatOfTheLowestLossThenTheFirst() {
        Candidate worse = new Candidate("0", 0.5, 0.1);
        Candidate better = new Candidate("1", 0.6, 2);
        Candidate surer = new Candidate("2", 0.6, 1);
        Candidate asSure = new Candidate("3", 0.6, 1);

        assertThat(kept(worse, better)).isEqualTo("1");
        assertThat(kept(better, worse)).isEqualTo("1");
        assertThat(kept(worse, better, surer, asSure)).isEqualTo("2");
        assertThat(kept(asSure, surer)).isEqualTo("3");
        assertThat(ChoiceRecord.of("root", List.of(worse, better)).describe()).isEqualTo("0 has 50.0 %, 1 has 60.0 %");
    }
}
