package io.efsnas.supernet.torch;

import io.efsnas.data.ImageSet;
import io.efsnas.data.Views;
import io.efsnas.space.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptionalList;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The images of sets as bytes on devices, from which batches are made there: all that a step copies is which images its
 * batch has and how each is shifted and mirrored. All supernets on a device use the same copy, for as long as the set
 * itself is in use.
 */
final class DeviceImages {

    /**
     * A set on a device.
     *
     * @param pixels {@code [image, row, column, channel]} in bytes, with a black border as wide as images are shifted
     * @param labels of the images
     * @param tables the normalised value of each byte, 256 for each channel
     * @param channels where in the tables each channel begins
     * @param rows 0, 1 and so on, one for each row
     * @param columns the same for columns
     */
    private record Copy(
            int border, Tensor pixels, Tensor labels, Tensor tables, Tensor channels, Tensor rows, Tensor columns) {}

    private static final Map<ImageSet, Map<String, Copy>> COPIES = new WeakHashMap<>();

    private DeviceImages() {}

    /**
     * Whether a set is small enough to be copied, with whatever border: an image is shifted by less than its sides, so
     * that these become three times as long at the most. The host makes the pixels of a larger one.
     */
    static boolean suits(ImageSet set) {
        return 9L * set.size() * set.shape().size() <= Integer.MAX_VALUE;
    }

    private static Copy copy(Views views, Device device) {
        synchronized (COPIES) {
            return COPIES.computeIfAbsent(views.set(), any -> new HashMap<>())
                    .computeIfAbsent(
                            device.str().getString() + " with a border of " + views.furthest(),
                            any -> make(views, device));
        }
    }

    private static Copy make(Views views, Device device) {
        ImageSet set = views.set();
        Shape shape = set.shape();
        int border = views.furthest();
        int width = shape.width() + 2 * border;
        int height = shape.height() + 2 * border;
        byte[] pixels = new byte[set.size() * height * width * shape.channels()];
        long[] labels = new long[set.size()];
        for (int image = 0; image < set.size(); image++) {
            byte[] from = set.pixels(image);
            labels[image] = set.label(image);
            int at = 0;
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int row = 0; row < shape.height(); row++) {
                    int to = ((image * height + row + border) * width + border) * shape.channels() + channel;
                    for (int column = 0; column < shape.width(); column++) {
                        pixels[to + column * shape.channels()] = from[at++];
                    }
                }
            }
        }
        long[] channels = new long[shape.channels()];
        float[] tables = new float[0];
        for (int channel = 0; channel < shape.channels(); channel++) {
            float[] table = views.normalization().table(channel);
            channels[channel] = tables.length;
            tables = Arrays.copyOf(tables, tables.length + table.length);
            System.arraycopy(table, 0, tables, (int) channels[channel], table.length);
        }
        try (PointerScope scope = new PointerScope()) {
            return new Copy(
                    border,
                    kept(Tensor.create(pixels, false, set.size(), height, width, shape.channels()), device),
                    kept(Tensor.create(labels), device),
                    kept(Tensor.create(tables), device),
                    kept(Tensor.create(channels), device),
                    kept(range(shape.height()), device),
                    kept(range(shape.width()), device));
        }
    }

    private static Tensor kept(Tensor tensor, Device device) {
        Tensor there = tensor.to(device, tensor.scalar_type());
        there.retainReference();
        return there;
    }

    /**
     * A batch, in a scope of JavaCPP's that the caller has opened.
     *
     * @param images takes normalised pixels {@code [image, channel, row, column]} in float32, the channel innermost
     */
    static void batch(Views views, Device device, TorchBuffer images, TorchBuffer labels) {
        Copy copy = copy(views, device);
        Shape shape = views.set().shape();
        int count = views.positions().length;
        int border = copy.border();
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
        Tensor rows = there.select(0, 1).view(count, 1).add(copy.rows());
        Tensor columns = there.select(0, 2)
                .view(count, 1)
                .add(copy.columns().mul(there.select(0, 3).view(count, 1)));
        Tensor bytes = torch.index(
                copy.pixels(),
                indices(
                        positions.view(count, 1, 1),
                        rows.view(count, shape.height(), 1),
                        columns.view(count, 1, shape.width())));
        Tensor values = copy.tables().take(bytes.to(ScalarType.Long).add_(copy.channels()));
        images.set(values.permute(0, 3, 1, 2));
        labels.set(copy.labels().index_select(0, positions));
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
