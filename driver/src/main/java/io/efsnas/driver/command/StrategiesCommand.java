package io.efsnas.driver.command;

import io.efsnas.driver.config.Strategy;
import io.efsnas.driver.process.Version;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.commons.text.WordUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "strategies",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists the strategies that a configuration can name, and what each sets.",
        footerHeading = "%nExample:%n",
        footer = "  efsnas search --config mine.conf --set strategy=one-shot")
public final class StrategiesCommand implements Callable<Integer> {

    private static final int WIDTH = 96;
    private static final String INDENT = "    ";

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        for (Strategy strategy : Strategy.all()) {
            out.println(strategy.name());
            WordUtils.wrap(strategy.description(), WIDTH)
                    .lines()
                    .map(INDENT::concat)
                    .forEach(out::println);
            strategy.settings().forEach((key, value) -> out.println(INDENT + INDENT + key + " = " + value));
        }
        out.println();
        out.println("A configuration's own keys override those of its strategy.");
        out.flush();
        return 0;
    }
}
