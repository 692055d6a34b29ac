package io.efsnas.supernet.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.efsnas.data.Augmentation;
import io.efsnas.data.Batch;
import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.TestImages;
import io.efsnas.data.TrainingBatches;
import io.efsnas.data.Views;
import io.efsnas.supernet.Resources;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches made on the device are those that the host makes, to the bit. */
class DeviceImagesTest {

    @TempDir
    private Path directory;

    @Test
    void trainingImagesAreShiftedMirroredAndNormalizedAsOnTheHost() {
        Dataset dataset = TestImages.dataset(directory, 60);
        for (Augmentation augmentation :
                new Augmentation[] {Augmentation.NONE, new Augmentation(true, 0), new Augmentation(true, 1)}) {
            TrainingBatches batches =
                    new TrainingBatches(dataset.train(), dataset.normalization(), 8, augmentation, 5, 0);
            for (int step = 0; step < 6; step++) {
                assertSame(batches.batch(step));
            }
        }
    }

    @Test
    void scoringImagesAreAsTheyAre() {
        Dataset dataset = TestImages.dataset(directory, 60);
        ScoringBatches batches =
                new ScoringBatches(dataset.validation(), dataset.validation().size(), dataset.normalization(), 5);
        for (int i = 0; i < batches.count(); i++) {
            assertSame(batches.batch(i));
        }
    }

    @Test
    void aCopyGoesWithItsLastUser() {
        Dataset dataset = TestImages.dataset(directory, 60);
        Views views = new TrainingBatches(dataset.train(), dataset.normalization(), 8, Augmentation.NONE, 5, 0)
                .batch(0)
                .views()
                .orElseThrow();
        Device cpu = new Device(DeviceType.CPU);
        DeviceImages.Key key = DeviceImages.Key.of(views, cpu);
        DeviceImages first = DeviceImages.use(key, views, cpu);

        assertThat(DeviceImages.use(key, views, cpu)).isSameAs(first);
        first.release();
        assertThat(DeviceImages.use(key, views, cpu)).isSameAs(first);
        first.release();
        first.release();

        DeviceImages other = DeviceImages.use(key, views, cpu);
        assertThat(other).isNotSameAs(first);
        other.release();
    }

    private static void assertSame(Batch batch) {
        assertThat(batch.views()).isPresent();
        float[] made = new float[batch.size() * batch.shape().size()];
        long[] labels = new long[batch.size()];
        try (TorchKernels kernels = TorchNatives.onClassPath().orElseThrow().kernels(Resources.cpu(1));
                PointerScope scope = new PointerScope()) {
            TorchBuffer images = kernels.featureMaps(batch.shape());
            kernels.images(batch, images);
            images.get().contiguous().data_ptr_float().get(made);
            kernels.labels().data_ptr_long().get(labels);
        }
        assertThat(made).isEqualTo(batch.images());
        assertThat(labels)
                .containsExactly(Arrays.stream(batch.labels()).asLongStream().toArray());
    }
}
