package io.efsnas.retraining;

import io.efsnas.data.Batch;
import io.efsnas.network.Shape;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A square of the mean colour somewhere in each image, which may reach over its edge (DeVries and Taylor, <i>Improved
 * Regularization of Convolutional Neural Networks with Cutout</i>, 2017).
 */
final class Cutout {

    private Cutout() {}

    /** A batch with its squares cut out; it has pixels of its own, so that any device takes it. */
    static Batch of(Batch batch, int side, long seed, long step) {
        Shape shape = batch.shape();
        float[] pixels = batch.images().clone();
        SplittableRandom random = KeyedRandom.of(seed, Purpose.CUTOUT, RetrainingSchedule.FINAL_NETWORK, step);
        for (int image = 0; image < batch.size(); image++) {
            int top = random.nextInt(shape.height()) - side / 2;
            int left = random.nextInt(shape.width()) - side / 2;
            int from = Math.max(0, left);
            int to = Math.min(shape.width(), left + side);
            for (int channel = 0; channel < shape.channels(); channel++) {
                int plane = image * shape.size() + channel * shape.pixels();
                for (int row = Math.max(0, top); row < Math.min(shape.height(), top + side); row++) {
                    int begin = plane + row * shape.width();
                    Arrays.fill(pixels, begin + from, begin + Math.max(from, to), 0);
                }
            }
        }
        return new Batch(pixels, batch.labels(), shape);
    }
}
