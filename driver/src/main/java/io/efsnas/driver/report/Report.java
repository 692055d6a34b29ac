package io.efsnas.driver.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.run.RunFile;
import io.efsnas.storage.AtomicFile;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;

/** The file {@code report.html}: a search's results for people, self-contained. */
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
        Path path = run.path(RunFile.REPORT);
        String html = render(ReportData.read(run));
        AtomicFile.write(run.files(), path, html.getBytes(StandardCharsets.UTF_8));
        return path;
    }

    static String render(ReportData data) {
        TemplateEngine templates = TemplateEngine.createPrecompiled(
                null, ContentType.Html, Report.class.getClassLoader(), Report.class.getPackageName());
        TemplateOutput html = new StringOutput();
        templates.render("report.jte", data, html);
        return html.toString();
    }
}
