package io.efsnas.supernet.cuda;

import com.sun.jna.Pointer;
import io.efsnas.data.ImageSet;
import io.efsnas.data.Views;
import java.util.HashMap;
import java.util.Map;

/**
 * The images of a set as bytes on a GPU, and the normalised value of each byte: from these the kernels make batches. All
 * supernets on the GPU use the same copy; with the last of them it goes.
 */
final class DeviceSet {

    private record Key(ImageSet set, String gpu) {}

    private static final int LEVELS = 256;
    private static final Map<Key, DeviceSet> IN_USE = new HashMap<>();

    private final Key key;
    private final Cuda cuda;
    private final long pixels;
    private final long tables;
    private int users;

    /** Whether a set is small enough to be copied; the host makes the pixels of a larger one. */
    static boolean suits(ImageSet set) {
        return (long) set.size() * set.shape().size() <= Integer.MAX_VALUE;
    }

    /** The copy of a set, for one user more, who has to {@link #release} it. */
    static DeviceSet use(Views views, String gpu, Cuda cuda, Pointer stream) {
        synchronized (IN_USE) {
            DeviceSet copy =
                    IN_USE.computeIfAbsent(new Key(views.set(), gpu), key -> new DeviceSet(key, views, cuda, stream));
            copy.users++;
            return copy;
        }
    }

    private DeviceSet(Key key, Views views, Cuda cuda, Pointer stream) {
        this.key = key;
        this.cuda = cuda;
        ImageSet set = views.set();
        int size = set.shape().size();
        byte[] bytes = new byte[set.size() * size];
        for (int image = 0; image < set.size(); image++) {
            System.arraycopy(set.pixels(image), 0, bytes, image * size, size);
        }
        float[] values = new float[set.shape().channels() * LEVELS];
        for (int channel = 0; channel < set.shape().channels(); channel++) {
            System.arraycopy(views.normalization().table(channel), 0, values, channel * LEVELS, LEVELS);
        }
        this.pixels = cuda.allocate(bytes.length);
        cuda.write(pixels, bytes, stream);
        this.tables = cuda.allocate((long) Float.BYTES * values.length);
        cuda.write(tables, values, stream);
    }

    long pixels() {
        return pixels;
    }

    long tables() {
        return tables;
    }

    /** Ends the use by one user, who has waited for what it had the GPU do with the images. */
    void release() {
        synchronized (IN_USE) {
            if (--users == 0) {
                IN_USE.remove(key);
                cuda.free(pixels);
                cuda.free(tables);
            }
        }
    }
}
