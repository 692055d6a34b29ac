package io.efsnas.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class ReportTest {

    private static final String HOSTILE = "</code><script>alert(1)</script>\\\" onload=\\\"alert(2)";

    @TempDir
    private Path directory;

    @Test
    void hasASectionForEachFile() throws Exception {
        RunFiles.all(directory);

        Document report = report();

        assertThat(ids(report))
                .containsExactly(
                        "selection",
                        "model",
                        "split",
                        "training",
                        "evolution",
                        "ranking",
                        "top",
                        "matrix",
                        "reliability",
                        "correlation",
                        "cost",
                        "reproduce");
        assertThat(text(report, "selection"))
                .contains(
                        "75.00\u00a0%",
                        "72.2\u201377.6\u00a0%", "90.00\u00a0M", "0.900\u00a0M", "1of 3 scored", "ranked 1 of 3");
        assertThat(text(report, "model")).contains("91.32\u00a0%", "12\u00a0min 14\u00a0s");
        assertThat(text(report, "split")).contains("15,284 connected", "8,764", "24,846", "30,001");
        assertThat(text(report, "reliability"))
                .containsPattern("0\\.667\\s+\u2013\\s+0\\.250")
                .doesNotContain("checkpoints");
        assertThat(text(report, "correlation"))
                .contains(
                        "93.81",
                        "0.56 points",
                        "taken for fractions",
                        "test_accuracy_1, test_accuracy_2",
                        "12 of its rows")
                .containsPattern("0\\.6670\\.625 to 0\\.750\\s+\u2013\\s+\u2013\\s+0\\.667\\s+constant\\s+0\\.667")
                .containsPattern("4\\.37\\s+0\\.37\\s+99\\.50")
                .containsPattern("supernet 1\\s*2 architectures\\s+count\\s+0\\.250");
        assertThat(text(report, "matrix")).contains("Accuracy", "FLOPs", "1.00", "0.33", "all 3 subnets");
        assertThat(text(report, "reproduce"))
                .contains(
                        "7",
                        "3c138c15",
                        "libtorch 2, NVIDIA H100, 1 thread(s)",
                        "0.1",
                        "3.5.9",
                        "17.0.1",
                        "1,999 test");
    }

    @Test
    void aSearchOfAFormerVersionIsNotReported() throws Exception {
        RunFiles.all(directory);
        Path search = directory.resolve("search.json");
        Files.writeString(search, Files.readString(search).replace("\"tree\"", "\"subspaces\""));

        assertThatThrownBy(this::report)
                .isInstanceOf(UserMistake.class)
                .hasMessageEndingWith(
                        "is of a former version of efsnas, whose supernets have numbers; this version neither"
                                + " resumes nor reads it: use that version, or another directory");
    }

    @Test
    void showsWhatTheSearchCost() throws Exception {
        RunFiles.all(directory);

        // 3 rounds of 25 seconds on GPUs; 6,400 images in 20 of them; 210 of 250 seconds of devices are known.
        assertThat(text(report(), "cost"))
                .contains(
                        "75.0\u00a0s",
                        "GPU hours in training0.02",
                        "Images per second320",
                        "20.00\u00a0%",
                        "idle 16.00\u00a0%");
    }

    @Test
    void saysWhereTrainingEndedEarly() throws Exception {
        RunFiles.all(directory);
        assertThat(text(report(), "training")).doesNotContain("early");
        Path rounds = directory.resolve("rounds.json");
        String whole = Files.readString(rounds);
        int second = whole.indexOf("\"subnets\"", whole.indexOf("\"toStep\": 200"));
        Files.writeString(rounds, whole.substring(0, second) + "\"skippedSteps\": 30, " + whole.substring(second));

        Document report = report();

        assertThat(text(report, "training"))
                .contains("supernet 0 ended early, after step 170")
                .doesNotContain("supernet 1 ended");
        assertThat(text(report, "cost")).contains("Training steps270of 300 planned, since training ended early");
    }

    @Test
    void selectionAmongTheSupernetsOfAnotherSearchHasNoRounds() throws Exception {
        RunFiles.all(directory);
        Files.delete(directory.resolve("rounds.json"));

        Document report = report();

        assertThat(ids(report)).doesNotContain("training").contains("cost");
        assertThat(text(report, "cost")).contains("Scoring25.0").doesNotContain("NaN", "Images per second");
    }

    @Test
    void reportOfASearchThatHasJustBegun() throws Exception {
        RunFiles.search(directory);

        Document report = report();

        assertThat(ids(report)).containsExactly("split", "reproduce");
        assertThat(report.getDocumentElement().getTextContent()).contains("This search has not ended");
    }

    @Test
    void showsTheTreeAndWhatWasMeasuredForIt() throws Exception {
        RunFiles.split(directory);

        Document report = report();

        assertThat(text(report, "split"))
                .contains("root · all", "0 · 2:0,2", "1 · 2:1,3", "Supernet root: 2:0,2 | 2:1,3")
                .containsPattern("0\\s+2\\s+1\\s+3\\s+0\\s+0\\.25\\s+1\\.50\\s+1\\.50\\s+2\\s+0\\.25")
                .contains("Position 2, cut 6.000: split here", "Position 4, cut 0.500")
                .doesNotContain("cut 0.500: split here");
        List<Element> links = elements(report, "path");
        assertThat(links).hasSize(2);
    }

    @Test
    void drawsTheSelectedCell() throws Exception {
        RunFiles.search(directory);
        RunFiles.selection(
                directory, "|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|skip_connect~0|none~1|avg_pool_3x3~2|", "");

        List<String> drawn = new ArrayList<>();
        for (Element group : elements(report(), "g")) {
            drawn.add(group.getAttribute("class") + " " + group.getTextContent().strip());
        }

        assertThat(drawn)
                .containsExactly(
                        "nonlinear dead nor_conv_3x3",
                        "nonlinear live nor_conv_1x1",
                        "linear live skip_connect",
                        "linear live avg_pool_3x3",
                        "node in",
                        "node 1",
                        "node 2",
                        "node out");
    }

    @Test
    void topOfTheRankingHasTheKeysThatItIsSortedBy() throws Exception {
        RunFiles.all(directory);
        Document report = report();

        assertThat(elements(report, "tr").stream()
                        .filter(row -> row.getAttribute("class").endsWith("chosen")))
                .singleElement()
                .satisfies(row -> assertThat(row.getTextContent()).contains(RunFiles.CONV_3X3));
        assertThat(elements(report, "td").stream()
                        .map(cell -> cell.getAttribute("data-value"))
                        .filter(value -> !value.isEmpty()))
                .hasSize(3 * 8)
                .startsWith("1", RunFiles.CONV_3X3, "0.75", "0.75", "0.5", "1.0", "9.0E7", "900000.0");
    }

    @Test
    void topOfTheRankingHasAColumnForEachMeasure() throws Exception {
        RunFiles.all(directory);
        Path ranking = directory.resolve("ranking.csv");
        Files.writeString(
                ranking,
                Files.readString(ranking)
                        .replace(",parameters,", ",live-flops,")
                        .replace(",900000,0.75\n", ",50000000,1.25\n"));

        assertThat(text(report(), "top")).contains("Score", "1.2500", "Live FLOPs", "50.00\u00a0M");
    }

    /** As {@code ranking.rule = training-free} leaves it. */
    @Test
    void searchWithoutTrainingIsReportedByItsScores() throws Exception {
        RunFiles.all(directory);
        for (String trained : List.of("rounds.json", "reliability.json", "evolution.csv")) {
            Files.delete(directory.resolve(trained));
        }
        Files.writeString(
                directory.resolve("ranking.csv"),
                "rank,architecture,node,flops,parameters,score\n1," + RunFiles.CONV_3X3 + ",,9,5,-0.5\n");
        Path selection = directory.resolve("selection.json");
        Files.writeString(selection, Files.readString(selection).replace("\"accuracy\": 0.75, \"loss\": 0.5,", ""));

        Document report = report();

        assertThat(text(report, "selection"))
                .contains("No supernet was trained")
                .doesNotContain("by its supernet");
        assertThat(text(report, "ranking")).contains("Score against FLOPs", "without supernets");
        assertThat(report.getDocumentElement().getTextContent())
                .contains("no supernet.", "whose supernets the ranking does not need");
    }

    @Test
    void textOfFilesNeverBecomesMarkup() throws Exception {
        RunFiles.all(directory);
        RunFiles.search(directory, HOSTILE);
        RunFiles.selection(directory, RunFiles.SKIP, HOSTILE);
        RunFiles.model(directory, HOSTILE);

        Document report = report();

        assertThat(elements(report, "script")).hasSize(1);
        assertThat(elements(report, "*")).noneMatch(element -> element.hasAttribute("onload"));
        assertThat(text(report, "selection")).contains("</code><script>alert(1)</script>");
        assertThat(text(report, "model")).contains("</code><script>alert(1)</script>");
        assertThat(text(report, "reproduce")).contains("</code><script>alert(1)</script>");
    }

    @Test
    void needsNothingFromElsewhere() throws Exception {
        RunFiles.all(directory);
        Document report = report();

        assertThat(elements(report, "*")).noneMatch(element -> element.hasAttribute("src"));
        assertThat(elements(report, "link"))
                .extracting(link -> link.getAttribute("href"))
                .containsExactly("data:,");
        assertThat(report.getDocumentElement().getTextContent()).doesNotContain("http", "@import", "url(");
    }

    @Test
    void damagedFileIsNamed() throws IOException {
        RunFiles.search(directory);
        Files.writeString(directory.resolve("rounds.json"), "[{");

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> RunFiles.read(directory))
                .withMessageStartingWith("file:" + directory + "/rounds.json is damaged: ");
    }

    @Test
    void directoryWithoutASearchIsRefused() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> RunFiles.read(directory))
                .withMessageContaining(" is not a run directory: it has no search.json");
    }

    /** Writes the report and reads it as XML, which is stricter than HTML. */
    private Document report() throws IOException, ParserConfigurationException, SAXException {
        Report.write(new RunDirectory(directory.toString(), new Configuration()));
        String html = Files.readString(directory.resolve("report.html"));
        assertThat(html.strip()).startsWith("<!DOCTYPE html>");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html.strip())));
    }

    private static List<String> ids(Document report) {
        return elements(report, "section").stream()
                .map(section -> section.getAttribute("id"))
                .toList();
    }

    private static String text(Document report, String section) {
        return elements(report, "section").stream()
                .filter(element -> element.getAttribute("id").equals(section))
                .findFirst()
                .orElseThrow()
                .getTextContent();
    }

    private static List<Element> elements(Document report, String name) {
        NodeList found = report.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }
}
