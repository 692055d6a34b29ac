package io.efsnas.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainingBatchesTest {

    private static final Shape SHAPE = new Shape(2, 4, 5);
    /** Labelled with their position, so that a label tells which image it is. */
    private static final ImageSet IMAGES = TestImages.numbered(SHAPE, 23);

    private static final Normalization NORMALIZATION = Normalization.of(IMAGES);

    private static TrainingBatches batches(int batchSize, Augmentation augmentation, long seed, int supernet) {
        return new TrainingBatches(IMAGES, NORMALIZATION, batchSize, augmentation, seed, supernet);
    }

    @Test
    void aBatchDependsOnItsStepAloneWhateverWasAskedBefore() {
        Augmentation augmentation = new Augmentation(true, 2);
        TrainingBatches inOrder = batches(4, augmentation, 1, 2);
        List<Batch> expected = LongStream.range(0, 20).mapToObj(inOrder::batch).toList();

        List<Integer> steps = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
        Collections.shuffle(steps, new Random(5));
        TrainingBatches shuffled = batches(4, augmentation, 1, 2);
        for (int step : steps) {
            assertThat(shuffled.batch(step)).usingRecursiveComparison().isEqualTo(expected.get(step));
            assertThat(batches(4, augmentation, 1, 2).batch(step))
                    .usingRecursiveComparison()
                    .isEqualTo(expected.get(step));
        }
    }

    @Test
    void seedSupernetAndEpochEachChangeTheOrder() {
        int[] order = batches(23, Augmentation.NONE, 1, 2).batch(0).labels();

        assertThat(batches(23, Augmentation.NONE, 2, 2).batch(0).labels()).isNotEqualTo(order);
        assertThat(batches(23, Augmentation.NONE, 1, 1).batch(0).labels()).isNotEqualTo(order);
        assertThat(batches(23, Augmentation.NONE, 1, 2).batch(1).labels()).isNotEqualTo(order);
    }

    @Test
    void seedSupernetAndStepEachChangeTheWindows() {
        Augmentation augmentation = new Augmentation(true, 1);
        List<List<Integer>> windows = windowsOf(batches(23, augmentation, 1, 2).batch(0), 1);

        assertThat(windowsOf(batches(23, augmentation, 2, 2).batch(0), 1)).isNotEqualTo(windows);
        assertThat(windowsOf(batches(23, augmentation, 1, 1).batch(0), 1)).isNotEqualTo(windows);
        assertThat(windowsOf(batches(23, augmentation, 1, 2).batch(1), 1)).isNotEqualTo(windows);
    }

    @Test
    void viewsShowTheImagesOfTheStepInTheSameOrderAndEachInWindowsOfItsOwn() {
        TrainingBatches batches = batches(6, new Augmentation(true, 1), 1, 2);
        Batch batch = batches.batch(3);
        assertThat(batches.view(3, 0).images()).isEqualTo(batch.images());

        Set<List<List<Integer>>> windows = new HashSet<>();
        for (int number = 0; number < 4; number++) {
            Batch view = batches.view(3, number);
            assertThat(view.labels()).isEqualTo(batch.labels());
            assertThat(batches(6, new Augmentation(true, 1), 1, 2)
                            .view(3, number)
                            .images())
                    .isEqualTo(view.images());
            windows.add(windowsOf(view, 1));
        }
        assertThat(windows).hasSize(4);
        assertThat(windows).doesNotContain(windowsOf(batches.view(7, 1), 1));
    }

    @Test
    void anEpochHasEachImageOnceButTheRestThatFillsNoBatch() {
        TrainingBatches batches = batches(4, Augmentation.NONE, 1, 0);
        assertThat(batches.batchesPerEpoch()).isEqualTo(5);

        Set<Integer> leftOut = new HashSet<>();
        for (long epoch = 0; epoch < 30; epoch++) {
            List<Integer> labels = LongStream.range(epoch * 5, (epoch + 1) * 5)
                    .mapToObj(batches::batch)
                    .flatMapToInt(batch -> Arrays.stream(batch.labels()))
                    .boxed()
                    .toList();
            assertThat(labels).hasSize(20).doesNotHaveDuplicates();
            IntStream.range(0, 23).filter(label -> !labels.contains(label)).forEach(leftOut::add);
        }
        assertThat(leftOut).as("another rest in each epoch").hasSizeGreaterThan(20);
    }

    @Test
    void aSetSmallerThanABatchIsOneBatch() {
        TrainingBatches batches = batches(24, Augmentation.NONE, 1, 0);

        assertThat(batches.batchesPerEpoch()).isEqualTo(1);
        for (long step = 0; step < 3; step++) {
            assertThat(batches.batch(step).labels())
                    .containsExactlyInAnyOrder(IntStream.range(0, 23).toArray());
        }
    }

    @Test
    void imagesAreNormalizedByTheirChannel() {
        Batch batch = batches(23, Augmentation.NONE, 1, 0).batch(0);

        for (int i = 0; i < 23; i++) {
            assertThat(image(batch, i)).isEqualTo(window(IMAGES.pixels(batch.labels()[i]), false, 0, 0));
        }
    }

    @Test
    void everyImageIsAWindowOfItsPaddedOriginalAndEveryWindowIsDrawn() {
        Set<List<Integer>> drawn = new HashSet<>();
        TrainingBatches batches = batches(23, new Augmentation(true, 1), 1, 0);
        for (long step = 0; step < 20; step++) {
            drawn.addAll(windowsOf(batches.batch(step), 1));
        }
        assertThat(drawn).as("mirrored or not, 3 rows, 3 columns").hasSize(18);
    }

    @Test
    void largePaddingStillGivesWindows() {
        TrainingBatches batches = batches(23, new Augmentation(true, 3), 1, 0);
        for (long step = 0; step < 20; step++) {
            assertThat(new HashSet<>(windowsOf(batches.batch(step), 3))).hasSizeGreaterThan(1);
        }
    }

    @Test
    void withoutPaddingImagesAreMirroredOrNot() {
        assertThat(windowsOf(batches(23, new Augmentation(true, 0), 1, 0).batch(0), 0))
                .contains(List.of(0, 0, 0), List.of(1, 0, 0));
    }

    @Test
    void withoutFlippingNoImageIsMirrored() {
        assertThat(windowsOf(batches(23, new Augmentation(false, 1), 1, 0).batch(0), 1))
                .allSatisfy(window -> assertThat(window.get(0)).isZero());
    }

    @Test
    void refusesWhatMakesNoBatch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batches(0, Augmentation.NONE, 1, 0))
                .withMessage("cannot make batches of 0 of 23 images; at least 1 each is wanted");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batches(4, new Augmentation(true, 4), 1, 0))
                .withMessage("the crop padding must be smaller than the images of 2x4x5, not 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Augmentation(true, -1))
                .withMessage("the crop padding must be 0 pixels or more, not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batches(4, Augmentation.NONE, 1, 0).batch(-1))
                .withMessage("steps are counted from 0, not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingBatches(
                        IMAGES, new Normalization(List.of(0.5), List.of(1.0)), 4, Augmentation.NONE, 1, 0))
                .withMessage("a normalisation of 1 channels does not fit images of 2x4x5");
    }

    /** The mirroring (0 or 1) and the offsets of each image's window, found by trying all; fails if one is no window. */
    private static List<List<Integer>> windowsOf(Batch batch, int padding) {
        List<List<Integer>> found = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            byte[] original = IMAGES.pixels(batch.labels()[i]);
            float[] image = image(batch, i);
            List<List<Integer>> matches = new ArrayList<>();
            for (int flip = 0; flip <= 1; flip++) {
                for (int down = -padding; down <= padding; down++) {
                    for (int right = -padding; right <= padding; right++) {
                        if (Arrays.equals(image, window(original, flip == 1, down, right))) {
                            matches.add(List.of(flip, down, right));
                        }
                    }
                }
            }
            assertThat(matches).as("windows equal to image %d", i).hasSize(1);
            found.addAll(matches);
        }
        return found;
    }

    /** The window of a padded image that begins so many rows and columns away from the image, pixel by pixel. */
    private static float[] window(byte[] original, boolean flip, int down, int right) {
        float[] values = new float[SHAPE.size()];
        for (int channel = 0; channel < SHAPE.channels(); channel++) {
            for (int row = 0; row < SHAPE.height(); row++) {
                for (int column = 0; column < SHAPE.width(); column++) {
                    int fromRow = row + down;
                    int fromColumn = column + right;
                    int pixel = 0;
                    if (fromRow >= 0 && fromRow < SHAPE.height() && fromColumn >= 0 && fromColumn < SHAPE.width()) {
                        int mirrored = flip ? SHAPE.width() - 1 - fromColumn : fromColumn;
                        pixel = original[(channel * SHAPE.height() + fromRow) * SHAPE.width() + mirrored] & 0xff;
                    }
                    values[(channel * SHAPE.height() + row) * SHAPE.width() + column] =
                            (float) ((pixel / 255.0 - NORMALIZATION.mean().get(channel))
                                    / NORMALIZATION.deviation().get(channel));
                }
            }
        }
        return values;
    }

    private static float[] image(Batch batch, int index) {
        return Arrays.copyOfRange(batch.images(), index * SHAPE.size(), (index + 1) * SHAPE.size());
    }
}
