package io.efsnas.supernet.torch;

import io.efsnas.data.Batch;
import io.efsnas.data.Views;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Brings batches to a device, or makes them there of images that it keeps on it. */
final class DeviceBatches implements AutoCloseable {

    private final TorchDevice device;
    private final ScalarType type;
    /** The sets whose images are on the device for this user. */
    private final Map<DeviceImages.Key, DeviceImages> images = new HashMap<>();

    /**
     * @param device a device that the caller owns
     * @param type the type of the pixels
     */
    DeviceBatches(TorchDevice device, ScalarType type) {
        this.device = device;
        this.type = type;
    }

    /** Whether batches of these images are made on the device, see {@link io.efsnas.supernet.Supernet#keeps}. */
    boolean keeps(ImageSet set) {
        return DeviceImages.suits(set);
    }

    /**
     * Fills buffers with a batch.
     *
     * @param to takes the pixels, the channel innermost
     * @param labels takes the classes
     */
    void load(Batch batch, TorchBuffer to, TorchBuffer labels) {
        device.bind();
        try (PointerScope scope = new PointerScope()) {
            Optional<Views> views = batch.views().filter(any -> keeps(any.set()));
            if (views.isPresent()) {
                images.computeIfAbsent(
                                DeviceImages.Key.of(views.get(), device.device()),
                                key -> DeviceImages.use(key, views.get(), device.device()))
                        .batch(views.get(), device.device(), to, labels);
            } else {
                Shape shape = batch.shape();
                Tensor given =
                        Tensor.create(batch.images(), batch.size(), shape.channels(), shape.height(), shape.width());
                to.set(channelsInnermost(given.to(device.device(), type), shape));
                long[] classes = new long[batch.size()];
                Arrays.setAll(classes, image -> batch.labels()[image]);
                labels.set(Tensor.create(classes).to(device.device(), ScalarType.Long));
            }
            if (to.get().scalar_type() != type) {
                to.set(to.get().to(type));
            }
        }
    }

    /**
     * Maps with the channel innermost and strides that say so. With a single channel either order is the same to
     * libtorch, which then takes the other one; and convolutions of that order are slower, and on some processors wrong.
     */
    static Tensor channelsInnermost(Tensor maps, Shape shape) {
        return maps.contiguous(MemoryFormat.ChannelsLast)
                .as_strided(new long[] {maps.size(0), shape.channels(), shape.height(), shape.width()}, strides(shape));
    }

    static long[] strides(Shape shape) {
        return new long[] {shape.size(), 1, (long) shape.width() * shape.channels(), shape.channels()};
    }

    /** Lets go of the images, after the device has done what it was given. */
    @Override
    public void close() {
        images.values().forEach(DeviceImages::release);
    }
}
