package io.efsnas.supernet.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.efsnas.data.Views;
import io.efsnas.data.format.ImageSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The images of a set as bytes on a GPU, and the normalised value of each byte: from these the kernels make batches. All
 * supernets on the GPU use the same copy; with the last of them it goes.
 */
final class DeviceSet {

    private record Key(ImageSet set, Cuda gpu) {}

    private static final int LEVELS = 256;
    private static final Map<Key, DeviceSet> IN_USE = new HashMap<>();

    private final Key key;
    /** For each channel the values of all bytes, and behind them the images. */
    private final long address;

    private final long tableBytes;
    private int users;

    /** Whether a set is in memory and small enough to be copied; the host makes the pixels of another one. */
    static boolean suits(ImageSet set) {
        return set.inMemory() && (long) set.size() * set.shape().size() <= Integer.MAX_VALUE;
    }

    /** The copy of a set, for one user more, who has to {@link #release} it. */
    static DeviceSet use(Views views, Cuda gpu, Pointer stream) {
        synchronized (IN_USE) {
            DeviceSet copy =
                    IN_USE.computeIfAbsent(new Key(views.set(), gpu), key -> new DeviceSet(key, views, stream));
            copy.users++;
            return copy;
        }
    }

    private DeviceSet(Key key, Views views, Pointer stream) {
        this.key = key;
        ImageSet set = views.set();
        int channels = set.shape().channels();
        this.tableBytes = (long) Float.BYTES * LEVELS * channels;
        Memory content = new Memory(tableBytes + (long) set.size() * set.shape().size());
        for (int channel = 0; channel < channels; channel++) {
            float[] table = views.normalization().table(channel);
            content.write((long) Float.BYTES * LEVELS * channel, table, 0, LEVELS);
        }
        for (int image = 0; image < set.size(); image++) {
            byte[] pixels = set.pixels(image);
            content.write(tableBytes + (long) image * pixels.length, pixels, 0, pixels.length);
        }
        this.address = key.gpu().allocate(content.size());
        try {
            key.gpu().write(address, content, stream);
        } catch (RuntimeException e) {
            key.gpu().free(address);
            throw e;
        }
    }

    /** The address of the images. */
    long pixels() {
        return address + tableBytes;
    }

    /** The address of the normalised values. */
    long tables() {
        return address;
    }

    /** Ends the use by one user, who has waited for what it had the GPU do with the images. */
    void release() {
        synchronized (IN_USE) {
            if (--users == 0) {
                IN_USE.remove(key);
                key.gpu().free(address);
            }
        }
    }
}
