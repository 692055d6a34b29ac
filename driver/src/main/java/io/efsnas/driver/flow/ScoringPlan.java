package io.efsnas.driver.flow;

import io.efsnas.driver.config.ScoredArchitectures;
import io.efsnas.driver.config.ScoredArchitectures.All;
import io.efsnas.driver.config.ScoredArchitectures.Listed;
import io.efsnas.driver.config.ScoredArchitectures.Sampled;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.storage.CsvFile;
import io.efsnas.random.KeyedRandom;
import io.efsnas.random.KeyedRandom.Purpose;
import io.efsnas.space.Architecture;
import io.efsnas.space.Enumeration;
import io.efsnas.space.SearchSpace;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.storage.FileSystems;
import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which architectures {@code selection.strategy = ranking} scores. */
final class ScoringPlan {

    private static final Logger log = LoggerFactory.getLogger(ScoringPlan.class);

    private static final String KEY = "scoring.architectures: ";
    private static final String ARCHITECTURE = "architecture";

    /** Draws in a row that find no further architecture, after which a subspace is taken to have no more. */
    private static final int MOST_REPEATS = 100_000;

    private final SearchConfig config;
    private final SearchSpace space;
    private final Set<Architecture> listed;

    private ScoringPlan(SearchConfig config, SearchSpace space, Set<Architecture> listed) {
        this.config = config;
        this.space = space;
        this.listed = listed;
    }

    /**
     * Makes the plan, and reads the table of the architectures if there is one.
     *
     * @throws UserMistake naming file and line of a malformed row, or the file if none of it is connected
     */
    static ScoringPlan of(SearchConfig config, Configuration hadoop) {
        SearchSpace space = config.space().space();
        return new ScoringPlan(
                config,
                space,
                config.scoring().architectures() instanceof Listed list ? read(list.file(), space, hadoop) : Set.of());
    }

    private static Set<Architecture> read(String file, SearchSpace space, Configuration hadoop) {
        Path path = UserMistake.checking(KEY, () -> FileSystems.path("scoring.architectures", file));
        FileSystem files = UserMistake.checking(KEY, () -> FileSystems.of(path, hadoop));
        Set<Architecture> all = new LinkedHashSet<>(
                CsvFile.read(files, path, List.of(ARCHITECTURE), row -> space.parse(row.text(ARCHITECTURE))));
        if (all.stream().noneMatch(space::connected)) {
            throw new UserMistake(KEY + path + " lists no connected architecture");
        }
        return all;
    }

    /**
     * Makes sure that there is a list of the architectures to be scored, if all are.
     *
     * @throws UserMistake if the space is too large
     */
    void requireListed() {
        if (config.scoring().architectures() instanceof All && !Enumeration.isPossible(space)) {
            throw new UserMistake(KEY + "all is not accepted; expected a number, a table, or another"
                    + " selection.strategy, since " + space.name() + " has " + Enumeration.size(space)
                    + " architectures");
        }
    }

    /**
     * The architectures: all connected ones, those of the table, or so many of each supernet at the end of the tree; only
     * those that a supernet serves.
     *
     * @throws UserMistake if no supernet serves any of the table
     */
    List<Architecture> architectures(SupernetTree tree) {
        ScoredArchitectures wanted = config.scoring().architectures();
        if (wanted instanceof Sampled sampled) {
            return tree.leaves().stream()
                    .flatMap(leaf -> sample(leaf, sampled.number()).stream())
                    .toList();
        }
        List<Architecture> served = (wanted instanceof Listed ? listed.stream() : Enumeration.of(space))
                .filter(space::connected)
                .filter(architecture -> !tree.hasDropped() || tree.serves(architecture))
                .toList();
        if (served.isEmpty()) {
            throw new UserMistake(
                    KEY + "none of the listed architectures is in the part of the space whose supernet was"
                            + " kept, " + tree.leaves().get(0).subspace().label()
                            + "; expected a table with some of it, a number, or all");
        }
        return served;
    }

    /** Those of them that a supernet at the end of the tree serves. */
    List<Architecture> architectures(SupernetTree tree, SupernetNode leaf) {
        return config.scoring().architectures() instanceof Sampled sampled
                ? List.copyOf(sample(leaf, sampled.number()))
                : architectures(tree).stream().filter(leaf.subspace()::contains).toList();
    }

    /**
     * How many architectures are scored at most.
     *
     * @param tree the supernets as far as they are known
     */
    long most(SupernetTree tree) {
        return config.scoring().architectures() instanceof Sampled sampled
                ? tree.leaves().stream()
                        .mapToLong(leaf -> sampled(leaf, (long) leaf.width() * sampled.number()))
                        .sum()
                : architectures(tree).size();
    }

    private static long sampled(SupernetNode leaf, long wanted) {
        return leaf.subspace()
                .size()
                .map(size -> size.min(BigInteger.valueOf(wanted)).longValueExact())
                .orElse(wanted);
    }

    /** Logs how many architectures of a table, or of the space, are not scored, if any. */
    void reportUnscored(SupernetTree tree) {
        long unconnected =
                listed.stream().filter(each -> !space.connected(each)).count();
        if (unconnected > 0) {
            log.info(
                    "{} of the {} architectures of scoring.architectures are not scored, since the image does not reach"
                            + " their output",
                    unconnected,
                    listed.size());
        }
        if (tree.hasDropped()) {
            log.info(
                    "only architectures of {} are scored, the part of the space whose supernet was kept",
                    tree.leaves().get(0).subspace().label());
        }
    }

    /** So many architectures of a supernet, or all if it has no more. */
    private Set<Architecture> sample(SupernetNode leaf, int wanted) {
        boolean few = leaf.subspace()
                .size()
                .filter(size -> size.compareTo(BigInteger.valueOf(wanted)) <= 0)
                .isPresent();
        if (few && Enumeration.isPossible(space)) {
            return Enumeration.connected(space)
                    .filter(leaf.subspace()::contains)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
        SplittableRandom random = KeyedRandom.of(config.selectionSeed(), Purpose.SCORED_SUBNETS, leaf.key());
        Set<Architecture> sample = new LinkedHashSet<>();
        for (int repeats = 0; sample.size() < wanted && repeats < MOST_REPEATS; ) {
            repeats = sample.add(leaf.subspace().sample(random)) ? 0 : repeats + 1;
        }
        return sample;
    }
}
