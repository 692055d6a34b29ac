package io.efsnas.driver.config;

import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.Decoding.Damaged;
import io.efsnas.data.format.ImageFormat;
import java.util.List;
import java.util.Map;

/**
 * The images.
 *
 * @param format the format of all files
 * @param decoding how images become images of one shape
 * @param train absolute paths of the training images, as Hadoop reads them; at least one
 * @param test absolute paths of the test images; if there are none, what the shares leave of the training images
 * @param trainShare the part of the training images that trains supernets
 * @param validationShare the part of the training images that scores subnets
 * @param limit how many of the training images are used, 0 for all
 * @param shrink how many times smaller the sides of the images are than in the files
 */
public record DataConfig(
        ImageFormat format,
        Decoding decoding,
        List<String> train,
        List<String> test,
        double trainShare,
        double validationShare,
        int limit,
        int shrink) {

    private static final String SIDE = "side";
    private static final String AUTO = "auto";
    private static final int AS_THEY_ARE = Decoding.AS_IT_IS.side();
    private static final String DAMAGED = "damaged";

    static DataConfig read(Section section) {
        DataConfig data = new DataConfig(
                section.oneOf("format", ImageFormat.class),
                new Decoding(
                        section.intAtLeastOr(SIDE, 1, AUTO).orElse(AS_THEY_ARE), section.oneOf(DAMAGED, Damaged.class)),
                section.paths("train"),
                section.paths("test"),
                share(section, "train-share"),
                share(section, "validation-share"),
                section.intAtLeast("limit", 0),
                section.intAtLeast("shrink", 1));
        if (data.train.isEmpty()) {
            throw section.refuse("train", "expected a list of at least one path, such as [\"data/train\"]");
        }
        if (data.trainShare + data.validationShare > 1) {
            throw section.refuse(
                    "validation-share", "expected at most what data.train-share = " + data.trainShare + " leaves of 1");
        }
        return data;
    }

    private static double share(Section section, String name) {
        return section.number(name, share -> share > 0 && share < 1, "a number above 0 and below 1");
    }

    Map<String, Object> toMap() {
        return Map.of(
                "format",
                Key.of(format),
                SIDE,
                decoding.side() == AS_THEY_ARE ? AUTO : decoding.side(),
                DAMAGED,
                Key.of(decoding.damaged()),
                "train",
                train,
                "test",
                test,
                "train-share",
                trainShare,
                "validation-share",
                validationShare,
                "limit",
                limit,
                "shrink",
                shrink);
    }
}
