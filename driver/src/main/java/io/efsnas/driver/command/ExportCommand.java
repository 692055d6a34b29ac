package io.efsnas.driver.command;

import io.efsnas.driver.config.Key;
import io.efsnas.driver.export.Export;
import io.efsnas.driver.export.ExportFormat;
import io.efsnas.driver.export.ModelFiles;
import io.efsnas.driver.export.TrainedNetwork;
import io.efsnas.driver.flow.SubnetWeights;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.process.Version;
import io.efsnas.driver.run.RunDirectory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a trained network in a format that other programs load. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Writes a retrained model, or a subnet with the weights of its supernet, as ONNX, PyTorch, DL4J or"
                        + " safetensors.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  efsnas export --run-dir runs/1 --format onnx --output model.onnx",
            "  efsnas export --run-dir runs/1 --format pytorch --output model.py",
            "  efsnas export --run-dir runs/1 --architecture '|nor_conv_3x3~0|+...' --format onnx --output subnet.onnx"
        })
public final class ExportCommand implements Callable<Integer> {

    @Option(
            names = "--run-dir",
            required = true,
            paramLabel = "DIR",
            description = "Directory of the model: the run directory, or the --output of efsnas retrain.")
    private String runDirectory;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            description = "onnx, pytorch, dl4j or safetensors.")
    private String format;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "The file, on any file system that Hadoop reaches. Its name ends with .onnx, .py, .zip or"
                    + " .safetensors; the weights of a .py go beside it as .safetensors.")
    private String output;

    @Option(
            names = "--architecture",
            paramLabel = "TEXT",
            description = "Writes this subnet with the weights of its supernet, at the supernet's size, instead of the"
                    + " retrained model.")
    private Optional<String> architecture;

    @Option(names = OutputFile.OVERWRITE, description = "Replaces existing files.")
    private boolean overwrite;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        ExportFormat chosen = format();
        if (!output.endsWith(chosen.ending())) {
            throw new UserMistake("--output " + output + ": expected a name that ends with " + chosen.ending()
                    + " for --format " + format);
        }
        Configuration hadoop = new Configuration();
        OutputFile file = OutputFile.of("--output", output, overwrite, hadoop);
        List<Path> all = Export.files(chosen, file.path());
        all.stream().skip(1).forEach(beside -> OutputFile.of("--output", beside.toString(), overwrite, hadoop));
        RunDirectory run = new RunDirectory(runDirectory, hadoop);
        TrainedNetwork network =
                architecture.map(text -> subnet(run, text, hadoop)).orElseGet(() -> ModelFiles.read(run));
        Export.write(network, chosen, file.files(), file.path());
        all.forEach(written -> command.commandLine().getOut().println("exported   " + written));
        return 0;
    }

    private static TrainedNetwork subnet(RunDirectory run, String text, Configuration hadoop) {
        SubnetWeights subnet = SubnetWeights.of(run, text, hadoop);
        return new TrainedNetwork(
                run.requireSearch().searchConfig().space().space(),
                subnet.architecture(),
                subnet.size(),
                subnet.tensors(),
                subnet.dataset().normalization(),
                subnet.dataset().classNames());
    }

    private ExportFormat format() {
        return Arrays.stream(ExportFormat.values())
                .filter(each -> Key.of(each).equals(format))
                .findFirst()
                .orElseThrow(() -> new UserMistake("--format " + format + " is not accepted; expected "
                        + Arrays.stream(ExportFormat.values()).map(Key::of).collect(Collectors.joining(", "))));
    }
}
