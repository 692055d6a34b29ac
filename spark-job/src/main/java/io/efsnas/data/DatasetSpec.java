package io.efsnas.data;

import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import java.io.Serializable;
import java.util.List;

/**
 * Where the images of a search are and how they are split; the same spec gives the same {@link Dataset} on every host.
 *
 * <p>A path is anything that Hadoop's {@code FileSystem} opens; files ending in {@code .gz} are decompressed. For CIFAR it
 * is a file or a directory of the official binary release. For IDX it is an image file whose name has
 * {@code images-idx3}; its labels are in the file beside it that has {@code labels-idx1} there. For folders of images it is
 * the folder in which each class has one, for shards the folder that has their index.
 *
 * @param format of all the files
 * @param decoding how what is in files becomes images of one shape
 * @param train paths of the images that are split into parts
 * @param test paths of the test images; if there are none, what the two shares leave of the train files is the test part
 * @param trainShare the share of the train files' images that train supernets
 * @param validationShare the share of the train files' images that score subnets
 * @param limit how many images of the train files are used, a subset drawn with the seed; 0 for all
 * @param shrink how many times smaller than in the files the sides of the images are, at least 1: a pixel is the mean of a
 *     block of {@code shrink} times {@code shrink}
 * @param seed the seed of the split
 */
public record DatasetSpec(
        ImageFormat format,
        Decoding decoding,
        List<String> train,
        List<String> test,
        double trainShare,
        double validationShare,
        int limit,
        int shrink,
        long seed)
        implements Serializable {

    /** Forgives the rounding in a sum such as 0.7 + 0.3, and is less than one image of any data set. */
    private static final double ROUNDING = 1e-9;

    public DatasetSpec {
        train = List.copyOf(train);
        test = List.copyOf(test);
        if (train.isEmpty()) {
            throw new IllegalArgumentException("a data set needs at least one path of train files");
        }
        if (train.stream().anyMatch(String::isBlank) || test.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a path of a data set is blank");
        }
        // Written so that NaN is refused too.
        if (!(trainShare > 0 && validationShare > 0 && trainShare + validationShare <= 1 + ROUNDING)) {
            throw new IllegalArgumentException(
                    "the train and validation shares must be above 0 and their sum at most 1," + " not " + trainShare
                            + " and " + validationShare);
        }
        if (limit < 0) {
            throw new IllegalArgumentException("the limit must be a number of images, or 0 for all, not " + limit);
        }
        if (shrink < 1) {
            throw new IllegalArgumentException("the images can be shrunk 1 time or more, not " + shrink);
        }
    }
}
