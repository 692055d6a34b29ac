package io.efsnas.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.efsnas.data.Batch;
import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.network.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

class DataSetsTest {

    private static final Batch BATCH =
            new Batch(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, new int[] {2, 0}, new Shape(3, 1, 2));

    @BeforeAll
    static void chooseNatives() {
        Nd4jRuntime.prepare(1);
    }

    @Test
    void imagesKeepTheirOrder() {
        DataSet data = DataSets.of(BATCH, 4, 0);

        assertThat(data.getFeatures().shape()).containsExactly(2, 3, 1, 2);
        assertThat(data.getFeatures().getFloat(1, 2, 0, 1)).isEqualTo(11);
        assertThat(data.getFeatures().getFloat(0, 1, 0, 0)).isEqualTo(2);
    }

    @Test
    void labelsAreOneHotWithoutSmoothing() {
        assertThat(DataSets.of(BATCH, 4, 0).getLabels().toFloatMatrix())
                .isDeepEqualTo(new float[][] {{0, 0, 1, 0}, {1, 0, 0, 0}});
    }

    @Test
    void smoothingSpreadsItsShareOverAllClasses() {
        float[][] labels = DataSets.of(BATCH, 4, 0.2).getLabels().toFloatMatrix();

        assertThat(labels[0][2]).isCloseTo(0.85f, within(1e-6f));
        assertThat(labels[0][0]).isCloseTo(0.05f, within(1e-6f));
        assertThat(labels[1][0]).isCloseTo(0.85f, within(1e-6f));
        assertThat(labels[1][3]).isCloseTo(0.05f, within(1e-6f));
    }
}
