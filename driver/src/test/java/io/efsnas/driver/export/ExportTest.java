package io.efsnas.driver.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.efsnas.checkpoint.Safetensors;
import io.efsnas.data.Batch;
import io.efsnas.data.Dataset;
import io.efsnas.data.DatasetSpec;
import io.efsnas.data.ScoringBatches;
import io.efsnas.data.format.Decoding;
import io.efsnas.data.format.ImageFormat;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.retrain.cluster.Nd4jRuntime;
import io.efsnas.network.ModelSize;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainedNetworkSpec.Regularisation;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.space.SearchSpace;
import io.efsnas.space.SearchSpaces;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What other programs compute with exported networks, for real images, against the engine that has trained them. */
class ExportTest {

    private static final SearchSpace CELLS = SearchSpaces.named("nas-bench-201");
    private static final SearchSpace BLOCKS = SearchSpaces.named("mobilenet");
    private static final SearchSpace EXCITED = SearchSpaces.named("mobilenet-se");
    private static final SearchSpace STACKS = SearchSpaces.named("darts");
    private static final int IMAGES = 12;
    private static final double TOLERANCE = 1e-4;
    private static final int NO_PYTORCH = 99;

    private static final List<String> ARCHITECTURES = List.of(
            "|nor_conv_3x3~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_1x1~1|nor_conv_3x3~2|",
            "|avg_pool_3x3~0|+|avg_pool_3x3~0|avg_pool_3x3~1|+|avg_pool_3x3~0|nor_conv_1x1~1|avg_pool_3x3~2|",
            // dead edges, and one value twice in a sum
            "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|none~2|",
            "|skip_connect~0|+|none~0|none~1|+|skip_connect~0|skip_connect~1|none~2|",
            "k3e3 k5e3 id id k5e6 id id id k3e6 k3e3 id id k7e3 id id id k3e3 id id id k3e3",
            "normal |sep_conv_3x3~0|skip_connect~1|+|skip_connect~0|max_pool_3x3~2|+|sep_conv_5x5~1|avg_pool_3x3~3|"
                    + "+|skip_connect~4| reduce |sep_conv_3x3~0|skip_connect~1|+|max_pool_3x3~0|skip_connect~2|"
                    + "+|avg_pool_3x3~0|sep_conv_5x5~1|+|max_pool_3x3~3|skip_connect~4|");

    private static final String DILATED = "normal |dil_conv_3x3~0|+|dil_conv_5x5~1|+|skip_connect~2|+|skip_connect~3|"
            + " reduce |dil_conv_3x3~0|+|dil_conv_5x5~1|+|skip_connect~2|+|skip_connect~3|";

    /** In the space with squeeze-and-excitation, no other. */
    private static final String WITH_EXCITATION =
            "k3e6 k5e3 id id k5e6 id id id k3e6 k3e3 id id k7e3 id id id k3e3 id id id k3e3";

    /** DL4J computes neither dilated convolutions nor excitation. */
    static final List<String> ALL = Stream.concat(ARCHITECTURES.stream(), Stream.of(DILATED, WITH_EXCITATION))
            .toList();

    private static SearchSpace space(String architecture) {
        if (architecture.startsWith("|")) {
            return CELLS;
        }
        if (architecture.startsWith("normal")) {
            return STACKS;
        }
        return architecture.equals(WITH_EXCITATION) ? EXCITED : BLOCKS;
    }

    @TempDir
    private Path directory;

    private static Dataset dataset;

    @BeforeAll
    static void readImages() {
        String images = Path.of("../conf/data/fashion-mnist/t10k-images-idx3-ubyte.gz")
                .toAbsolutePath()
                .toString();
        dataset = Dataset.load(
                new DatasetSpec(ImageFormat.IDX, Decoding.AS_IT_IS, List.of(images), List.of(), 0.5, 0.25, 140, 7, 1),
                new Configuration());
    }

    /** Images as the network takes them, and as exported ones do: pixels from 0 to 1. */
    private static Batch images() {
        return new ScoringBatches(dataset.validation(), IMAGES, dataset.normalization(), IMAGES).batch(0);
    }

    private static float[] pixels() {
        int size = dataset.shape().size();
        float[] pixels = new float[IMAGES * size];
        for (int image = 0; image < IMAGES; image++) {
            byte[] bytes = dataset.validation().pixels(image);
            for (int i = 0; i < size; i++) {
                pixels[image * size + i] = (bytes[i] & 0xff) / 255f;
            }
        }
        return pixels;
    }

    /** A network after a few steps, and the logits of the images. */
    private record Trained(TrainedNetwork network, float[] logits) {

        private static final Map<String, Trained> TRAINED = new HashMap<>();

        /** Trained once for all formats. */
        static Trained of(String architecture) {
            return TRAINED.computeIfAbsent(architecture, Trained::train);
        }

        private static Trained train(String architecture) {
            SearchSpace space = space(architecture);
            ModelSize size = new ModelSize(4, space == STACKS ? 3 : 1, dataset.shape(), dataset.classes());
            RetrainedNetworkSpec spec = new RetrainedNetworkSpec(
                    space,
                    space.parse(architecture),
                    size,
                    new Optimizer(0.9f, 0, 0),
                    Regularisation.NONE,
                    0,
                    IMAGES,
                    3);
            try (RetrainedNetwork network = RetrainingEngine.named("vector").create(spec, Resources.cpu(1))) {
                for (int step = 0; step < 5; step++) {
                    network.train(images(), step, 0.05f, 0);
                }
                Map<String, Tensor> tensors = new LinkedHashMap<>(network.state());
                tensors.keySet().removeIf(name -> name.startsWith(SupernetState.MOMENTUM));
                return new Trained(
                        new TrainedNetwork(
                                space,
                                spec.architecture(),
                                size,
                                tensors,
                                dataset.normalization(),
                                dataset.classNames()),
                        network.logits(images(), false));
            }
        }
    }

    private Path export(TrainedNetwork network, ExportFormat format) throws IOException {
        return export(network, format, directory);
    }

    private static Path export(TrainedNetwork network, ExportFormat format, Path folder) throws IOException {
        Path file = folder.resolve("model" + format.ending());
        Export.write(
                network, format, FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(file.toUri()));
        return file;
    }

    private static void assertClose(float[] actual, float[] expected, String architecture) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i])
                    .as("value %d of %s", i, architecture)
                    .isCloseTo(expected[i], within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void onnxRuntimeComputesTheSame(String architecture) throws IOException, OrtException {
        Trained trained = Trained.of(architecture);
        Path file = export(trained.network(), ExportFormat.ONNX);

        for (int images : new int[] {IMAGES, 1}) { // a batch of any size
            float[] logits = new float[images * dataset.classes()];
            float[] probabilities = new float[logits.length];
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            long[] shape = {
                images,
                dataset.shape().channels(),
                dataset.shape().height(),
                dataset.shape().width()
            };
            FloatBuffer pixels =
                    FloatBuffer.wrap(pixels(), 0, images * dataset.shape().size());
            try (OrtSession session = environment.createSession(file.toString(), new OrtSession.SessionOptions());
                    OnnxTensor input = OnnxTensor.createTensor(environment, pixels.slice(), shape);
                    OrtSession.Result result = session.run(Map.of("images", input))) {
                ((OnnxTensor) result.get("logits").orElseThrow())
                        .getFloatBuffer()
                        .get(logits);
                ((OnnxTensor) result.get("probabilities").orElseThrow())
                        .getFloatBuffer()
                        .get(probabilities);
                assertThat(session.getMetadata().getCustomMetadata())
                        .containsEntry("architecture", architecture)
                        .containsEntry("classNames", String.join(",", dataset.classNames()));
            }
            assertClose(logits, Arrays.copyOf(trained.logits(), logits.length), architecture);
            assertClose(probabilities, Arrays.copyOf(softmax(trained.logits()), logits.length), architecture);
        }
    }

    @ParameterizedTest
    @FieldSource("ARCHITECTURES")
    void dl4jComputesTheSame(String architecture) throws IOException {
        Trained trained = Trained.of(architecture);
        Path file = export(trained.network(), ExportFormat.DL4J);

        float[] probabilities = new float[trained.logits().length];
        float[] expected = softmax(trained.logits());
        try (InputStream in = Files.newInputStream(file)) {
            Nd4jRuntime.prepare(1);
            INDArray images = Nd4j.createFromArray(images().images())
                    .reshape(
                            IMAGES,
                            dataset.shape().channels(),
                            dataset.shape().height(),
                            dataset.shape().width());
            INDArray output = ModelSerializer.restoreComputationGraph(in, false).outputSingle(images);
            System.arraycopy(output.dup('c').data().asFloat(), 0, probabilities, 0, probabilities.length);
        }
        assertClose(probabilities, expected, architecture);
    }

    @Test
    void whatDl4jCannotComputeIsRefused() {
        TrainedNetwork dilated = Trained.of(DILATED).network();

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> export(dilated, ExportFormat.DL4J))
                .withMessage("--format dl4j: DL4J computes no dilated depthwise convolutions, such as"
                        + " cell1.0-2.dil_conv_3x3.filter.conv; expected another format");
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> export(Trained.of(WITH_EXCITATION).network(), ExportFormat.DL4J))
                .withMessage("--format dl4j: DL4J computes no squeeze-and-excitation; expected another format");
        assertThat(directory).isEmptyDirectory();
    }

    private static float[] softmax(float[] logits) {
        float[] probabilities = new float[logits.length];
        int classes = logits.length / IMAGES;
        for (int from = 0; from < logits.length; from += classes) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(logits[from + c]);
            }
            for (int c = 0; c < classes; c++) {
                probabilities[from + c] = (float) (Math.exp(logits[from + c]) / sum);
            }
        }
        return probabilities;
    }

    @Test
    void safetensorsSayWhatTheyAreOf() throws IOException {
        Trained trained = Trained.of(ARCHITECTURES.get(0));

        Safetensors.Content content =
                Safetensors.read(Files.readAllBytes(export(trained.network(), ExportFormat.SAFETENSORS)));

        assertThat(content.metadata())
                .containsEntry("space", "nas-bench-201")
                .containsEntry("architecture", ARCHITECTURES.get(0))
                .containsKeys("mean", "deviation", "classNames");
        assertThat(content.tensors().keySet())
                .isEqualTo(trained.network().tensors().keySet());
    }

    /** Where {@code efsnas.python}, or python3, has PyTorch, which takes longer to start than to compute. */
    @Test
    void pyTorchComputesTheSame() throws IOException, InterruptedException {
        List<Trained> all = ALL.stream().map(Trained::of).toList();
        for (int i = 0; i < all.size(); i++) {
            Path folder = Files.createDirectory(directory.resolve("network-" + i));
            export(all.get(i).network(), ExportFormat.PYTORCH, folder);
        }
        ByteBuffer bytes = ByteBuffer.allocate(pixels().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(pixels());
        Files.write(directory.resolve("pixels"), bytes.array());

        int status = python(
                """
                import glob, importlib, struct, sys
                try:
                    import torch
                except ImportError:
                    sys.exit(%d)
                pixels = torch.frombuffer(bytearray(open("pixels", "rb").read()), dtype=torch.float32)
                for folder in glob.glob("network-*"):
                    sys.path.insert(0, folder)
                    model = importlib.import_module("model")
                    with torch.no_grad():
                        logits = model.load()(pixels.view(-1, *model.SHAPE)).flatten().tolist()
                    open(folder + "/logits", "wb").write(struct.pack("<%%df" %% len(logits), *logits))
                    del sys.path[0], sys.modules["model"]
                """
                        .formatted(NO_PYTORCH));

        assumeThat(status).as("Python with PyTorch").isNotEqualTo(NO_PYTORCH);
        assertThat(status).as(Files.readString(directory.resolve("python.log"))).isZero();
        for (int i = 0; i < all.size(); i++) {
            float[] expected = all.get(i).logits();
            float[] logits = new float[expected.length];
            ByteBuffer.wrap(Files.readAllBytes(directory.resolve("network-" + i + "/logits")))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(logits);
            assertClose(logits, expected, ALL.get(i));
        }
    }

    private int python(String program) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(System.getProperty("efsnas.python", "python3"), "-c", program)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("python.log").toFile())
                    .start();
        } catch (IOException e) { // there is no Python
            return NO_PYTORCH;
        }
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }
}
