package io.efsnas.driver.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.ComparisonRecord;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.storage.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** The file {@code report.html}: the results of a search or a comparison for people, self-contained. */
public final class Report {

    private Report() {}

    /**
     * Writes the report of a run directory into it, in place of an earlier one.
     *
     * @return the report's path
     * @throws UserMistake naming the file if one is not there that must be, or is damaged
     * @throws java.io.UncheckedIOException naming the file if it cannot be read or written
     */
    public static Path write(RunDirectory run) {
        return write(run, render(ReportData.read(run)));
    }

    /**
     * Writes the report of a comparison into its directory, in place of an earlier one.
     *
     * @return the report's path
     * @throws java.io.UncheckedIOException naming the file if it cannot be written
     */
    public static Path write(RunDirectory run, ComparisonRecord comparison) {
        return write(run, render("comparison.jte", Map.of("name", run.path().getName(), "comparison", comparison)));
    }

    private static Path write(RunDirectory run, String html) {
        Path path = run.path(RunFile.REPORT);
        AtomicFile.write(run.files(), path, html.getBytes(StandardCharsets.UTF_8));
        return path;
    }

    static String render(ReportData data) {
        return render("report.jte", Map.of("data", data));
    }

    private static String render(String template, Map<String, Object> parameters) {
        TemplateEngine templates = TemplateEngine.createPrecompiled(
                null, ContentType.Html, Report.class.getClassLoader(), Report.class.getPackageName());
        TemplateOutput html = new StringOutput();
        templates.render(template, parameters, html);
        return html.toString();
    }
}
