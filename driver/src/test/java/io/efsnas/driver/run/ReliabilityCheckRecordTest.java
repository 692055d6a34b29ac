package io.efsnas.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.efsnas.driver.run.ReliabilityRecord.Check;
import io.efsnas.driver.statistics.SubspaceCorrelation;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReliabilityCheckRecordTest {

    private static final Check CHECK =
            Check.of(SubspaceCorrelation.of(List.of("4", "4", "7"), new double[] {1, 2, 3}, new double[] {1, 2, 3}));

    @Test
    void jsonHasNullForWhatIsUndefined() throws IOException {
        ObjectMapper json = new ObjectMapper();

        assertThat(json.<com.fasterxml.jackson.databind.JsonNode>valueToTree(CHECK))
                .isEqualTo(
                        json.readTree(
                                """
                {
                  "overall": {"architectures": 3, "kendallTau": 1.0, "spearmanRho": 1.0},
                  "subspaces": [
                    {"node": "4", "architectures": 2, "kendallTau": 1.0, "spearmanRho": 1.0},
                    {"node": "7", "architectures": 1, "kendallTau": null, "spearmanRho": null}
                  ]
                }
                """));
        assertThat(json.treeToValue(json.valueToTree(CHECK), Check.class)).isEqualTo(CHECK);
    }

    @Test
    void subspacesAreFoundByTheirSupernet() {
        assertThat(CHECK.kendallTau("4")).isEqualTo(1);
        assertThat(CHECK.kendallTau("7")).isNull();
        assertThat(CHECK.kendallTau("0")).isNull();
    }
}
