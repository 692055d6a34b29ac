package io.efsnas.supernet.torch;

import io.efsnas.data.Views;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.commons.lang3.ArrayUtils;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptionalList;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The images of a set as bytes on a device, from which batches are made there: all that a step copies is which images its
 * batch has and how each is shifted and mirrored. All supernets on a device use the same copy; with the last of them it
 * goes.
 */
final class DeviceImages {

    /**
     * What makes one copy another.
     *
     * @param border the width of the border, as far as images are shifted
     */
    record Key(ImageSet set, int border, String device) {

        static Key of(Views views, Device device) {
            return new Key(views.set(), views.furthest(), device.str().getString());
        }
    }

    private static final Map<Key, DeviceImages> IN_USE = new HashMap<>();

    private final Key key;
    /** {@code [image, row, column, channel]} in bytes, with a black border. */
    private final Tensor pixels;

    private final Tensor labels;
    /** The normalised value of each byte, 256 for each channel. */
    private final Tensor tables;
    /** Where in the tables each channel begins. */
    private final Tensor channels;
    /** 0, 1 and so on, one for each row. */
    private final Tensor rows;
    /** The same for columns. */
    private final Tensor columns;

    /** All of these tensors that have been made. */
    private final List<Tensor> kept = new ArrayList<>();

    private int users;

    /**
     * Whether a set is in memory and small enough to be copied, with whatever border: an image is shifted by less than its
     * sides, so that these become three times as long at the most. The host makes the pixels of another one.
     */
    static boolean suits(ImageSet set) {
        return set.inMemory() && 9L * set.size() * set.shape().size() <= Integer.MAX_VALUE;
    }

    /** The copy of a set, for one user more, who has to {@link #release} it. */
    static DeviceImages use(Key key, Views views, Device device) {
        synchronized (IN_USE) {
            DeviceImages copy = IN_USE.computeIfAbsent(key, any -> new DeviceImages(key, views, device));
            copy.users++;
            return copy;
        }
    }

    /** Ends the use by one user, who has waited for what it had the device do with the images. */
    void release() {
        synchronized (IN_USE) {
            if (--users == 0) {
                IN_USE.remove(key);
                kept.forEach(Tensor::releaseReference);
            }
        }
    }

    private DeviceImages(Key key, Views views, Device device) {
        this.key = key;
        ImageSet set = views.set();
        Shape shape = set.shape();
        int border = key.border();
        int width = shape.width() + 2 * border;
        int height = shape.height() + 2 * border;
        byte[] bytes = new byte[set.size() * height * width * shape.channels()];
        long[] classes = new long[set.size()];
        for (int image = 0; image < set.size(); image++) {
            byte[] from = set.pixels(image);
            classes[image] = set.label(image);
            int at = 0;
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int row = 0; row < shape.height(); row++) {
                    int to = ((image * height + row + border) * width + border) * shape.channels() + channel;
                    for (int column = 0; column < shape.width(); column++) {
                        bytes[to + column * shape.channels()] = from[at++];
                    }
                }
            }
        }
        long[] begins = new long[shape.channels()];
        float[] values = new float[0];
        for (int channel = 0; channel < shape.channels(); channel++) {
            begins[channel] = values.length;
            values = ArrayUtils.addAll(values, views.normalization().table(channel));
        }
        try (PointerScope scope = new PointerScope()) {
            pixels = kept(Tensor.create(bytes, false, set.size(), height, width, shape.channels()), device);
            labels = kept(Tensor.create(classes), device);
            tables = kept(Tensor.create(values), device);
            channels = kept(Tensor.create(begins), device);
            rows = kept(range(shape.height()), device);
            columns = kept(range(shape.width()), device);
        } catch (RuntimeException e) { // a full device must not keep the part that did fit
            kept.forEach(Tensor::releaseReference);
            throw e;
        }
    }

    private Tensor kept(Tensor tensor, Device device) {
        Tensor there = tensor.to(device, tensor.scalar_type());
        there.retainReference();
        kept.add(there);
        return there;
    }

    /**
     * A batch, in a scope of JavaCPP's that the caller has opened.
     *
     * @param images takes normalised pixels {@code [image, channel, row, column]} in float32, the channel innermost
     */
    void batch(Views views, Device device, TorchBuffer images, TorchBuffer classes) {
        Shape shape = views.set().shape();
        int count = views.positions().length;
        int border = key.border();
        // Column x of a mirrored image is column (width - 1 - x) of its original: a start and a step for each image.
        long[] plan = new long[4 * count];
        for (int image = 0; image < count; image++) {
            boolean mirrored = views.mirrored()[image];
            int left = views.left()[image];
            plan[image] = views.positions()[image];
            plan[count + image] = (long) border + views.up()[image];
            plan[2 * count + image] = (long) border + (mirrored ? shape.width() - 1 - left : left);
            plan[3 * count + image] = mirrored ? -1 : 1;
        }
        // Without waiting for what the device still has to do, as every other copy would.
        Tensor there = Tensor.create(plan, 4, count).to(device, ScalarType.Long, true, false, null);
        Tensor positions = there.select(0, 0);
        Tensor fromRows = there.select(0, 1).view(count, 1).add(rows);
        Tensor fromColumns = there.select(0, 2)
                .view(count, 1)
                .add(columns.mul(there.select(0, 3).view(count, 1)));
        Tensor bytes = torch.index(
                pixels,
                indices(
                        positions.view(count, 1, 1),
                        fromRows.view(count, shape.height(), 1),
                        fromColumns.view(count, 1, shape.width())));
        Tensor values = tables.take(bytes.to(ScalarType.Long).add_(channels));
        images.set(values.permute(0, 3, 1, 2));
        classes.set(labels.index_select(0, positions));
    }

    private static Tensor range(int end) {
        return Tensor.create(LongStream.range(0, end).toArray());
    }

    private static TensorOptionalList indices(Tensor... indices) {
        TensorOptionalList list = new TensorOptionalList();
        for (Tensor index : indices) {
            list.push_back(new TensorOptional(index));
        }
        return list;
    }
}
