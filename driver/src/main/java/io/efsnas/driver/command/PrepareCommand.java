package io.efsnas.driver.command;

import io.efsnas.data.format.Decoding.Damaged;
import io.efsnas.data.prepare.Encoding;
import io.efsnas.data.prepare.FoundImages;
import io.efsnas.data.prepare.Preparation;
import io.efsnas.data.prepare.Preparation.Layout;
import io.efsnas.data.prepare.PrepareSpec;
import io.efsnas.driver.flow.PrepareStage;
import io.efsnas.driver.flow.PrepareStage.Prepared;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.spark.Sessions;
import io.efsnas.storage.FileSystems;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes shards of a folder of images. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Scales the images of a folder and packs them into shards, for data.format = shards: tar files of"
                + " the WebDataset layout with an index. The same command resumes a preparation that was stopped.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  efsnas prepare --from images --to hdfs:///shards --size 64 --test-share 0.1",
            "  efsnas prepare --from imagenet --to hdfs:///shards --size 256 --val-labels val.txt --encoding jpeg"
        })
public final class PrepareCommand implements Callable<Integer>, Resumable {

    private static final int SMALLEST = 8;
    private static final int LARGEST = 4096;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "FOLDER",
            description = "The folder of the images, JPEG or PNG files: it has a folder for each class; or a folder"
                    + " train of such folders, and beside it test or val.")
    private String from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FOLDER",
            description =
                    "Where the shards go, on any file system that Hadoop reaches: a new folder, which gets a folder"
                            + " train and, if there are test images, test.")
    private String to;

    @Option(
            names = "--size",
            required = true,
            paramLabel = "PIXELS",
            description =
                    "Larger images are scaled until their smaller side has this length, and keep their proportions;"
                            + " others are stored as they are.")
    private int size;

    @Option(
            names = "--test-share",
            defaultValue = "0",
            paramLabel = "SHARE",
            description =
                    "The part of the images that becomes test images, drawn at random. Default: ${DEFAULT-VALUE}.")
    private double testShare;

    @Option(
            names = "--val-labels",
            paramLabel = "FILE",
            description = "The classes of the images in val, if these are not in folders of classes. Each line has the"
                    + " name of a file and its class, by name or by number from 0 in the order of the names; or each"
                    + " has only the name of a class, in the order of the files.")
    private Optional<String> labels;

    @Option(
            names = "--encoding",
            defaultValue = "png",
            description =
                    "How scaled images are stored: png, which keeps every pixel, or jpeg, which takes about a third"
                            + " of the space. Default: ${DEFAULT-VALUE}.")
    private String encoding;

    @Option(
            names = "--damaged",
            defaultValue = "refuse",
            description = "What to do with files that cannot be decoded: refuse ends the command and names them, skip"
                    + " prepares the others. Default: ${DEFAULT-VALUE}.")
    private String damaged;

    @Option(
            names = "--images-per-shard",
            defaultValue = "1000",
            paramLabel = "N",
            description = "The most images in a shard; a Spark task makes each shard. Default: ${DEFAULT-VALUE}.")
    private int imagesPerShard;

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "The seed of the order of the images. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private MasterOption master;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        if (size < SMALLEST || size > LARGEST) {
            throw new UserMistake(
                    "--size: expected a number of pixels from " + SMALLEST + " to " + LARGEST + ", not " + size);
        }
        if (!(testShare >= 0 && testShare < 1)) {
            throw new UserMistake("--test-share: expected a number from 0 to below 1, not " + testShare);
        }
        if (imagesPerShard < 1) {
            throw new UserMistake("--images-per-shard: expected a number of at least 1, not " + imagesPerShard);
        }
        Configuration hadoop = Sessions.hadoop();
        PrepareSpec spec = new PrepareSpec(
                absolute("--from", from, hadoop),
                absolute("--to", to, hadoop),
                size,
                oneOf("--encoding", encoding, Encoding.values()),
                oneOf("--damaged", damaged, Damaged.values()));
        Optional<Path> labelFile = labels.map(file -> new Path(absolute("--val-labels", file, hadoop)));
        Preparation preparation = UserMistake.checking(() -> {
            Preparation found = new Preparation(spec, new Layout(testShare, seed, imagesPerShard), labelFile, hadoop);
            found.begin();
            return found;
        });
        try (SparkSession spark = master.open()) {
            print(
                    spec,
                    preparation.found(),
                    PrepareStage.run(new JavaSparkContext(spark.sparkContext()), spec, preparation));
        }
        return 0;
    }

    @Override
    public Optional<String> resumption() {
        return Optional.of(SAME_COMMAND);
    }

    /** A path that means the same on every executor. */
    private static String absolute(String option, String text, Configuration hadoop) {
        return UserMistake.checking(() -> {
            Path path = FileSystems.path(option, text);
            return FileSystems.of(path, hadoop).makeQualified(path).toString();
        });
    }

    private static <E extends Enum<E>> E oneOf(String option, String text, E[] accepted) {
        return Arrays.stream(accepted)
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new UserMistake(option + ": expected "
                        + Arrays.stream(accepted)
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(" or "))
                        + ", not " + text));
    }

    private void print(PrepareSpec spec, FoundImages found, Prepared prepared) {
        PrintWriter out = command.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "prepared   %,d images of %,d classes in %,d shards, %,d of which were there%n",
                prepared.images(),
                found.classes().size(),
                prepared.shards(),
                prepared.shards() - prepared.written());
        if (!prepared.damaged().isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "skipped    %,d damaged images: %s%n",
                    prepared.damaged().size(),
                    PrepareStage.named(prepared.damaged()));
        }
        out.printf(
                "use with   data { format = shards, train = [\"%s/%s\"]%s, side = %d }%n",
                spec.to(),
                Preparation.TRAIN,
                found.test().isEmpty() ? "" : ", test = [\"" + spec.to() + "/" + Preparation.TEST + "\"]",
                spec.side());
        out.flush();
    }
}
