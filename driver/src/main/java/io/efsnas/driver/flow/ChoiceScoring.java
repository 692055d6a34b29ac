package io.efsnas.driver.flow;

import io.efsnas.driver.spark.SubnetScoring;
import io.efsnas.job.ScoreReport;
import io.efsnas.job.ScoringImages;
import io.efsnas.job.SearchJob;
import io.efsnas.measure.Measures;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.scoring.SubnetScore;
import io.efsnas.space.Architecture;
import io.efsnas.split.Choice;
import io.efsnas.split.SupernetNode;
import io.efsnas.supernet.Evaluation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Scores subnets of trained supernets, so that one of these can be chosen. */
final class ChoiceScoring {

    private final SearchPlan plan;
    private final JavaSparkContext spark;
    private final SearchJob job;
    private final Optional<ResourceProfile> gpus;

    /**
     * @param gpus what a supernet task requests from Spark; empty for Spark's default
     */
    ChoiceScoring(SearchPlan plan, JavaSparkContext spark, SearchJob job, Optional<ResourceProfile> gpus) {
        this.plan = plan;
        this.spark = spark;
        this.job = job;
        this.gpus = gpus;
    }

    /**
     * What the subnets of each supernet were right about, added up.
     *
     * @param nodes supernets of one phase that have taken equally many steps
     * @throws io.efsnas.driver.spark.JobException if a task fails for good
     */
    List<Evaluation> scores(List<SupernetNode> nodes, Choice choice) {
        Map<SupernetNode, List<Architecture>> subnets = new LinkedHashMap<>();
        nodes.forEach(node -> subnets.put(node, drawn(node, choice.subnets())));
        int batch = Math.min(plan.config().scoring().batch(), choice.images());
        ScoringImages images = new ScoringImages(batch, choice.images(), 0);
        List<ScoreReport> reports = new SubnetScoring(
                        spark, job, gpus, nodes.get(0).lastStep(), images, Measures.of(List.of()))
                .score(subnets, (tasks, of) -> {}, made -> {});
        return nodes.stream().map(node -> sum(node, reports)).toList();
    }

    private List<Architecture> drawn(SupernetNode node, int number) {
        SplittableRandom random = KeyedRandom.of(plan.config().seed(), Purpose.CHOICE, node.key());
        return Stream.generate(() -> node.subspace().sample(random))
                .limit(number)
                .toList();
    }

    /** In the order in which they were drawn, whatever tasks they were scored in. */
    private static Evaluation sum(SupernetNode node, List<ScoreReport> reports) {
        return reports.stream()
                .filter(report -> report.node().equals(node.id()))
                .flatMap(report -> report.scores().stream())
                .map(SubnetScore::evaluation)
                .reduce(Evaluation.NONE, Evaluation::plus);
    }
}
