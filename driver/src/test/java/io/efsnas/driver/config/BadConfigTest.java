package io.efsnas.driver.config;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.efsnas.driver.process.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told about each kind of mistake: one line with the key, its value, what is accepted, and where. */
class BadConfigTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    seed = 1.5                          | seed: 1.5                             | a whole number from -2^63 to below 2^63
                    seed = 1e19                         | seed: 1.0E19                          | a whole number from -2^63 to below 2^63
                    space.name = nas-bench-101          | space.name: "nas-bench-101"           | expected one of darts, mobilenet, mobilenet-se, nas-bench-201, uncounted
                    space.subspaces = 0                 | space.subspaces: 0                    | a whole number of at least 1
                    space.subspaces = 5                 | space.subspaces: 5                    | can be split into 1 to 4 subspaces
                    space.groups = even                 | space.groups: "even"                  | expected auto, or lists that have every count once, such as [[0, 1], [2], [3]]
                    space.groups = [0, 1, 2, 3]         | space.groups: [0,1,2,3]               | expected auto, or lists that have every count once
                    space.groups = [[0, 1], [a]]        | space.groups: [[0,1],["a"]]           | expected auto, or lists that have every count once
                    space.groups = [[0, 1], [1, 2, 3]]  | space.groups: [[0,1],[1,2,3]]         | the count 1 is listed twice; expected auto, or lists
                    space.groups = [[0, 1], [2]]        | space.groups: [[0,1],[2]]             | no group has the counts [3]; expected auto, or lists
                    space.groups = [[0, 1], [2, 3, 4]]  | space.groups: [[0,1],[2,3,4]]         | has the count 4; its counts are [0, 1, 2, 3]; expected auto, or lists
                    space.groups = [[0, 1, 2, 3], []]   | space.groups: [[0,1,2,3],[]]          | a group has no counts; expected auto, or lists
                    network.channels = 0                | network.channels: 0                   | a whole number of at least 1
                    network.channels = 3000000000       | network.channels: 3000000000          | at least 1 and below 2^31
                    network.cells = many                | network.cells: "many"                 | a whole number of at least 1
                    network = 5                         | network: 5                            | a section of keys in braces
                    data.format = png                   | data.format: "png"                    | one of cifar10, cifar100, idx, downsampled-imagenet, imagenet16-120, folder, shards
                    data.side = 0                       | data.side: 0                          | a whole number of at least 1 and below 2^31, or auto
                    data.damaged = ignore               | data.damaged: "ignore"                | one of refuse, skip
                    data.train = []                     | data.train: []                        | a list of at least one path
                    data.train = /images                | data.train: "/images"                 | a list of paths, such as ["data/train"]
                    data.test = [5]                     | data.test: [5]                        | a list of paths
                    data.test = [""]                    | data.test: [""]                       | a list of paths
                    data.train-share = 0                | data.train-share: 0                   | a number above 0 and below 1
                    data.validation-share = half        | data.validation-share: "half"         | a number above 0 and below 1
                    data.validation-share = 0.6         | data.validation-share: 0.6            | at most what data.train-share = 0.5 leaves of 1
                    data.limit = -1                     | data.limit: -1                        | a whole number of at least 0
                    data.shrink = 0                     | data.shrink: 0                        | a whole number of at least 1
                    supernet.engine = ""                | supernet.engine: ""                   | expected a name
                    supernet.channels = 0               | supernet.channels: 0                  | a whole number of at least 1
                    supernet.channels = wide            | supernet.channels: "wide"             | auto, a whole number of at least 1, or a list of 3 of them
                    supernet.channels = [5, 5]          | supernet.channels: [5,5]              | a list of 3 of them, one for each subspace
                    supernet.channels = [5, 5, 0]       | supernet.channels: [5,5,0]            | a list of 3 of them
                    network.channels = 2                | supernet.channels: "auto"             | network.channels = 2 shared by 3 supernets leaves none; expected auto
                    supernet.cells = null               | supernet.cells: null                  | a whole number of at least 1 and below 2^31, or auto
                    supernet.affine = some              | supernet.affine: "some"               | true or false
                    supernet.threads = 0                | supernet.threads: 0                   | a whole number of at least 1 and below 2^31, or auto
                    training.steps = -5                 | training.steps: -5                    | a whole number of at least 1
                    training.steps = 10                 | training.rounds: 25                   | at most training.steps = 10
                    training.rounds = 100000            | training.rounds: 100000               | at most training.steps = 97500
                    training.subnets-per-step = 0       | training.subnets-per-step: 0          | a whole number of at least 1
                    training.scheme = fairest           | training.scheme: "fairest"            | one of balanced, dynamic, each-group, fair, greedy, mutual, pi, sandwich, uniform
                    training.scheme = greedy, schemes.greedy.candidates = 0 | schemes.greedy.candidates: 0 | a whole number from 1 to
                    training.scheme = greedy, schemes.greedy.trained = 11 | schemes.greedy.trained: 11 | a whole number from 1 to 10
                    training.scheme = greedy, schemes.greedy.images = some | schemes.greedy.images: "some" | a whole number from 2 to
                    training.scheme = greedy, schemes.greedy.pool-share = 2 | schemes.greedy.pool-share: 2 | a number from 0 to 1
                    training.scheme = greedy, schemes.greedy.pool-share-at = 0.05 | schemes.greedy.pool-share-at: 0.05 | a number above uniform-until = 0.067
                    training.scheme = greedy, schemes.greedy.stop-overlap = 0 | schemes.greedy.stop-overlap: 0 | none, or a number above 0 and at most 1
                    training.scheme = greedy, schemes.greedy.stop-overlap = 1.1 | schemes.greedy.stop-overlap: 1.1 | none, or a number above 0 and at most 1
                    training.scheme = greedy, schemes.greedy.stop-draws = 0 | schemes.greedy.stop-draws: 0 | a whole number from 1 to
                    training { scheme = greedy, sharing.mode = shared-parts }, schemes.greedy.stop-overlap = 0.9 | training.sharing.mode: "shared-parts" | warm-start or independent: training.scheme = greedy is set to end the training of supernets early
                    training.scheme = greedy, schemes.greedy = 5 | schemes.greedy: 5                     | a section of keys in braces
                    space.splitter = edge, splitters.edge.position = 6 | splitters.edge.position: 6 | expected auto, or one of [0, 1, 2, 3, 4, 5]
                    space.splitter = edge, splitters.edge.position = first | splitters.edge.position: "first" | expected auto, or one of [0, 1, 2, 3, 4, 5]
                    space.splitter = gradient, splitters.gradient.batches = 0 | splitters.gradient.batches: 0 | a whole number from 1 to
                    space.splitter = gradient, splitters.gradient.levels = 7 | splitters.gradient.levels: 7 | a whole number from 1 to 6
                    space.splitter = dimension, splitters.dimension.batches = 0 | splitters.dimension.batches: 0 | a whole number from 1 to
                    space.splitter = dimension, splitters.dimension.neighbours = 1 | splitters.dimension.neighbours: 1 | a whole number from 2 to
                    space.splitter = dimension, splitters.dimension.levels = 7 | splitters.dimension.levels: 7 | a whole number from 1 to 6
                    space.splitter = hierarchy, splitters.hierarchy.batches = 0 | splitters.hierarchy.batches: 0 | a whole number from 1 to
                    space.splitter = hierarchy, splitters.hierarchy.levels = 4 | splitters.hierarchy.levels: 4 | auto, or a whole number from 1 to 3
                    space { name = darts, splitter = hierarchy }, splitters.hierarchy.levels = 5 | splitters.hierarchy.levels: 5 | auto, or a whole number from 1 to 4
                    space.splitter = hierarchy, splitters.hierarchy.subnets = 0 | splitters.hierarchy.subnets: 0 | a whole number from 1 to
                    space.splitter = hierarchy, splitters.hierarchy.images = 1 | splitters.hierarchy.images: 1 | a whole number from 2 to
                    strategy = hep-nas, schemes.mutual.teachers = all | schemes.mutual.teachers: "all" | one of none, parent, siblings, both
                    strategy = hep-nas, training.rounds = 3 | training.rounds: 3                | at least 4: with training.sharing.mode = warm-start
                    strategy = hep-nas, training.workers = 2 | training.workers: 2              | 1 or auto, which is then 1: training.scheme = mutual teaches supernets by each other
                    strategy = hep-nas, training.sharing.mode = independent | training.sharing.mode: "independent" | warm-start: with training.scheme = mutual supernets learn from
                    strategy = hep-nas, checkpoints.keep = 1 | checkpoints.keep: 1              | at least 2: with training.scheme = mutual
                    strategy = one-to-few, training.rounds = 3 | training.rounds: 3             | at least 4: with training.sharing.mode = warm-start
                    space.progressive = maybe           | space.progressive: "maybe"            | true or false
                    strategy = pi-nas, schemes.pi.decay = 2 | schemes.pi.decay: 2               | a number from 0 to 1
                    strategy = pi-nas, schemes.pi.labels = none | schemes.pi.labels: "none"         | true or false
                    strategy = pi-nas, schemes.pi.embedding = 0 | schemes.pi.embedding: 0           | a whole number from 1 to 4096
                    strategy = pi-nas, schemes.pi.queue = 0 | schemes.pi.queue: 0                   | a whole number from 1 to 65536
                    strategy = pi-nas, schemes.pi.temperature = 0 | schemes.pi.temperature: 0       | a number above 0 and at most 100
                    strategy = pi-nas, schemes.pi.linear-share = 1 | schemes.pi.linear-share: 1     | a number above 0 and below 1
                    strategy = pi-nas, schemes.pi.linear-rate = 0 | schemes.pi.linear-rate: 0       | a number above 0 and at most 100000
                    strategy = pi-nas-label-free, training.workers = 2 | training.workers: 2        | 1 or auto, which is then 1: training.scheme = pi remembers more than weights
                    strategy = pi-nas-label-free, training.label-smoothing = 0.1 | training.label-smoothing: 0.1 | expected 0: with training.scheme = pi a step says what subnets learn from
                    strategy = pi-nas-label-free, training.path-dropout = 0.1 | training.path-dropout: 0.1 | expected 0: with training.scheme = pi a step needs the whole subnets that it draws
                    space.splitter = gradient, training.scheme = pi, schemes.pi.labels = false | space.splitter: "gradient" | expected one that measures no supernet, such as count: as training.scheme = pi is set, supernets learn to classify only at the end
                    space.splitter = hierarchy, training.scheme = pi, schemes.pi.labels = false | space.splitter: "hierarchy" | expected one that measures no supernet
                    strategy = one-to-few, schemes.sandwich.random = -1 | schemes.sandwich.random: -1 | a whole number from 0 to 100
                    strategy = gm-nas, training.rounds = 2 | training.rounds: 2                 | at least 3: with training.sharing.mode = warm-start
                    training.batch = 1                  | training.batch: 1                     | a whole number of at least 2
                    training.learning-rate = 0.1        | training.learning-rate: 0.1           | a section of keys in braces
                    training.learning-rate.initial = 0  | training.learning-rate.initial: 0     | a number above 0
                    training.learning-rate.initial = 1e400 | training.learning-rate.initial: Infinity | a number above 0
                    training.learning-rate.final = 0.03 | training.learning-rate.final: 0.03    | a number from 0 to training.learning-rate.initial = 0.025
                    training.warm-up = 1.5              | training.warm-up: 1.5                 | a number from 0 to 1
                    training.momentum = 1               | training.momentum: 1                  | a number from 0 to below 1
                    training.weight-decay = -1          | training.weight-decay: -1             | a number from 0 to below 1
                    training.gradient-clip = -0.5       | training.gradient-clip: -0.5          | a number of at least 0
                    training.label-smoothing = 1        | training.label-smoothing: 1           | a number from 0 to below 1
                    training.path-dropout = 1           | training.path-dropout: 1              | a number from 0 to below 1
                    strategy = fair-nas, training.path-dropout = 0.1 | training.path-dropout: 0.1 | expected 0: with training.scheme = fair a step needs the whole subnets that it draws
                    strategy = pi-nas, training.path-dropout = 0.1 | training.path-dropout: 0.1 | expected 0: with training.scheme = pi a step needs the whole subnets that it draws
                    strategy = few-shot-nas, space.name = uncounted, training.path-dropout = 0.1 | training.path-dropout: 0.1 | expected 0: uncounted has no choice that computes nothing
                    space.name = mobilenet, supernet.cells = 2 | supernet.cells: 2              | expected auto or 1, since networks of mobilenet repeat no cell
                    space.name = darts, network.cells = 2 | network.cells: 2                    | a whole number of at least 3
                    training.augmentation.flip = 1      | training.augmentation.flip: 1         | true or false
                    training.augmentation.smallest-crop = 0 | training.augmentation.smallest-crop: 0 | a number above 0 and at most 1
                    training.augmentation.color-jitter = 1 | training.augmentation.color-jitter: 1 | a number from 0 to below 1
                    training.augmentation.crop-padding = -4 | training.augmentation.crop-padding: -4 | a whole number of at least 0
                    training { steps = 5, rounds = 1 }  | training.rounds: 1                    | at least 2: with training.sharing.mode = warm-start
                    training.workers = 0                | training.workers: 0                   | a whole number of at least 1 and below 2^31, or auto
                    training { scheme = greedy, workers = 2 } | training.workers: 2             | 1 or auto, which is then 1: training.scheme = greedy
                    training.averaging.steps = 0        | training.averaging.steps: 0           | a whole number of at least 1
                    training.sharing = independent      | training.sharing: "independent"       | a section of keys in braces
                    training.sharing.mode = none        | training.sharing.mode: "none"         | one of independent, warm-start, shared-parts
                    training.sharing.warm-start-share = 0 | training.sharing.warm-start-share: 0 | a number above 0 and below 1
                    training.sharing.warm-start-share = 1 | training.sharing.warm-start-share: 1 | a number above 0 and below 1
                    training.sharing.restart = all      | training.sharing.restart: "all"       | one of none, final
                    training.sharing { mode = independent, restart = final } | training.sharing.restart: "final" | none: with training.sharing.mode = independent all supernets begin with weights of their own
                    training.sharing { mode = shared-parts, restart = final } | training.sharing.restart: "final" | none: with training.sharing.mode = shared-parts all
                    strategy = one-shot, training.sharing.restart = final | training.sharing.restart: "final" | none: with training.sharing.mode = independent
                    strategy = hep-nas, training.sharing.restart = final | training.sharing.restart: "final" | none: with training.scheme = mutual supernets learn from those that they began as copies of
                    strategy = hep-nas, training { scheme = uniform, sharing.restart = final } | training.sharing.restart: "final" | none: with space.splitter = hierarchy one part is kept
                    supernet.channels = [5, 5, 4]       | supernet.channels: [5,5,4]            | training.sharing.mode = warm-start needs the same number for every subspace; expected that, or training.sharing.mode = independent
                    training.sharing.mode = shared-parts, supernet.channels = [5, 5, 4] | supernet.channels: [5,5,4] | training.sharing.mode = shared-parts needs the same number
                    training.sharing.mode = shared-parts, checkpoints.keep = 1 | checkpoints.keep: 1 | at least 2: with training.sharing.mode = shared-parts
                    scoring.batch = 1                   | scoring.batch: 1                      | a whole number of at least 2
                    scoring.images = 1                  | scoring.images: 1                     | a whole number of at least 2 and below 2^31, or all
                    scoring.batch-norm = running        | scoring.batch-norm: "running"         | one of batch, recalibrated
                    scoring.recalibration.batches = 0   | scoring.recalibration.batches: 0      | a whole number of at least 1
                    scoring.architectures = 0           | scoring.architectures: 0              | all, a whole number of at least 1 and below 2^31, or the path
                    scoring.repeated-architectures = -1 | scoring.repeated-architectures: -1    | a whole number of at least 0
                    strategy = two-shot                 | strategy: "two-shot"                  | one of dynas, efs-nas, efs-nas-independent, efs-nas-shared-parts, eigen-nas, fair-nas, few-shot-nas, gm-nas, greedy-nas, hep-nas, nas-lid, one-shot, one-to-few, pi-nas, pi-nas-label-free, random-search, regularized-evolution, sigeo, training-free
                    ranking.rule = loss2                | ranking.rule: "loss2"                 | one of accuracy, fusion, loss, sum, training-free
                    ranking.measures = flops            | ranking.measures: "flops"             | a list of names, such as [flops, parameters]
                    ranking.measures = [flop]           | ranking.measures: ["flop"]            | there is no measure 'flop'; did you mean flops?
                    rules.fusion.learned = flops        | rules.fusion.learned: "flops"         | accuracy or loss
                    rules.fusion.weights = [1, -1]      | rules.fusion.weights: [1,-1]          | a number above 0 for each of the 3 experts
                    measures.batch = 1                  | measures.batch: 1                     | a whole number of at least 2
                    measures = 5                        | measures: 5                           | a section of keys in braces
                    spaces.nas-bench-201 = 5            | spaces.nas-bench-201: 5               | a section of keys in braces
                    ranking.measures = [zico], measures.zico.batches = 1 | measures.zico.batches: 1 | a whole number from 2 to 1000
                    ranking.measures = [trained-loss], measures.short-training.steps = 0 | measures.short-training.steps: 0 | a whole number from 1 to
                    ranking.measures = [table-accuracy], measures.table.file = none | measures.table.file: "none" | the path of a CSV file
                    ranking.measures = [table-accuracy], measures.table.file = [a] | measures.table.file: ["a"] | the path of a CSV file
                    rules.sum.columns = [], ranking.rule = sum | rules.sum.columns: []    | a list of measures, accuracy or loss
                    rules.sum.weights = [-1], ranking.rule = sum | rules.sum.weights: [-1]  | a number above 0 for each of the 1 columns
                    ranking.limits.flops = 0            | ranking.limits.flops: 0               | a whole number of at least 1 and below 2^63, or none
                    ranking.limits.live-flops = few     | ranking.limits.live-flops: "few"      | a whole number of at least 1 and below 2^63, or none
                    ranking.limits.parameters = 1.5     | ranking.limits.parameters: 1.5        | a whole number of at least 1 and below 2^63, or none
                    retrain.engine = nd4j               | retrain.engine: "nd4j"                | one of auto, vector, libtorch, dl4j
                    retrain { top = 4, halving = [5, 1] } | retrain.halving: [5,1]               | none, or numbers of networks that fall from retrain.top = 4, such as [10, 4, 1]
                    retrain { top = 4, halving = [4, 1], halving-shares = [1] } | retrain.halving-shares: [1] | auto, or a share of the epochs for each number of retrain.halving, rising to 1, such as [0.2, 0.5, 1]
                    retrain.held-out = 0                | retrain.held-out: 0                   | a whole number of at least 1 and below 2^31, or auto
                    retrain.dropout = 1                 | retrain.dropout: 1                    | a number from 0 to below 1
                    retrain.drop-path = 1               | retrain.drop-path: 1                  | a number from 0 to below 1
                    retrain.auxiliary-weight = -0.4     | retrain.auxiliary-weight: -0.4        | a number of at least 0
                    retrain { engine = libtorch, mode = gradient-sharing } | retrain.mode: "gradient-sharing" | with retrain.engine = libtorch, which trains with one worker, expected parameter-averaging
                    retrain { engine = libtorch, workers = 2 } | retrain.workers: 2             | with retrain.engine = libtorch, which trains with one worker, expected auto or 1
                    selection.strategy = all            | selection.strategy: "all"             | one of ranking, random, evolution, regularized-evolution
                    selection.seed = -1                 | selection.seed: -1                    | a whole number of at least 0 and below 2^63, or auto
                    selection.evolution = 5             | selection.evolution: 5                | a section of keys in braces
                    selection.evolution.population = 0  | selection.evolution.population: 0     | a whole number of at least 1
                    selection.evolution.generations = 0 | selection.evolution.generations: 0    | a whole number of at least 1
                    selection.evolution.parents = 0     | selection.evolution.parents: 0        | a whole number of at least 1
                    selection.evolution.crossover = -1  | selection.evolution.crossover: -1     | a whole number of at least 0
                    selection.evolution.crossover = 51  | selection.evolution.crossover: 51     | at most population = 50
                    selection.evolution.mutation = 26   | selection.evolution.mutation: 26      | at most what crossover = 25 leaves of population = 50
                    selection.evolution.population = 49 | selection.evolution.mutation: 25      | at most what crossover = 25 leaves of population = 49
                    selection.evolution.mutation-probability = 0 | selection.evolution.mutation-probability: 0 | a number above 0 and at most 1
                    selection.regularized-evolution.population = 0 | selection.regularized-evolution.population: 0 | a whole number of at least 1
                    selection.regularized-evolution.sample = 0 | selection.regularized-evolution.sample: 0 | a whole number of at least 1
                    selection.regularized-evolution.children = 101 | selection.regularized-evolution.children: 101 | at most population = 100
                    selection.regularized-evolution.architectures = 99 | selection.regularized-evolution.architectures: 99 | at least population = 100
                    checkpoints.keep = 0                | checkpoints.keep: 0                   | a whole number of at least 1
                    cluster.gpus-per-supernet = 0.75    | cluster.gpus-per-supernet: 0.75       | 1, or a number above 0 and at most 0.5
                    cluster.gpus-per-supernet = 2       | cluster.gpus-per-supernet: 2          | 1, or a number above 0 and at most 0.5
                    """)
    void valueThatIsNotAccepted(String setting, String keyAndValue, String accepted) throws IOException {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> load("data.train = [/images]\n" + setting))
                .withMessageStartingWith(keyAndValue + " is not accepted; ")
                .withMessageContaining(accepted)
                .withMessageMatching(".* \\(.*(search|reference)\\.conf.*: \\d+\\)");
    }

    @Test
    void ruleOfAnUnknownMeasureIsNotAccepted() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> load("data.train = [/images]\nrules.fusion { experts = [[flop]], weights = [1] }"))
                .withMessageStartingWith("rules.fusion: there is no measure 'flop'; did you mean flops?");
    }

    @Test
    void aFairStepHasAsManySubnetsAsThereAreChoices() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> load("data.train = [/images], training { scheme = fair, subnets-per-step = 2 }"))
                .withMessage("schemes.fair: a fair step trains as many subnets as a position has choices,"
                        + " so training.subnets-per-step has to be 1, not 2");
    }

    @Test
    void passwordInAPathIsNotAcceptedAndNotShown() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> load("data.train = [\"s3a://user:pass@bucket/images\"]"))
                .withMessage("data.train: a path with a password is not accepted, since it would be recorded;"
                        + " put the password into Hadoop's settings");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    training.stepz = 5               | training.stepz         | training.steps               | augmentation, averaging, batch, gradient-clip, label-smoothing
                    steps = 5                        | steps                  | training.steps               | checkpoints, cluster, compare, data, measures, network
                    trainning.steps = 5              | trainning              | training                     | checkpoints, cluster, compare, data, measures, network
                    scoring { chanels = 5 }          | scoring.chanels        | supernet.channels            | architectures, batch, batch-norm, images, recalibration, repeated-architectures
                    schemes.greedy.candidate = 5     | schemes.greedy.candidate | schemes.greedy.candidates | candidates, images, pool, pool-age
                    schemes.fair.images = 5          | schemes.fair.images    | schemes.greedy.images        | nothing
                    training.learning-rate.end = 0   | training.learning-rate.end | training.learning-rate.final | final, initial
                    rules.fusion.weight = [1, 1]     | rules.fusion.weight    | rules.fusion.weights         | experts, learned, learned-weight, weights
                    "training.steps" = 5             | "training.steps"       | training.steps               | checkpoints, cluster, compare, data, measures, network
                    """)
    void unknownKey(String setting, String key, String nearest, String known) throws IOException {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> load("data.train = [/images]\n" + setting))
                .withMessageStartingWith(key + ": there is no such key; did you mean " + nearest + "?")
                .withMessageContaining("Known here: " + known)
                .withMessageEndingWith("(" + folder.resolve("search.conf") + ": 2)");
    }

    @Test
    void valueIsReportedWithTheOverrideThatGaveIt() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> SearchConfig.load(Optional.empty(), List.of("data.train=[/a]", "training.steps=0")))
                .withMessage("training.steps: 0 is not accepted; expected a whole number of at least 1 and below 2^31"
                        + " (--set training.steps=0)");
    }

    @ParameterizedTest
    @CsvSource({"training.steps", "=5", "training.steps:5", "''"})
    void overrideThatIsNoKeyAndValue(String override) {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> SearchConfig.load(Optional.empty(), List.of(override)))
                .withMessage("--set " + override + " is not accepted; expected key=value, such as training.steps=1000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    data.train=[hdfs://host/a] | --set data.train=[hdfs://host/a]
                    training..steps=5          | --set training..steps=5
                    training.steps=${nowhere}  | ${nowhere}
                    """)
    void overrideThatIsNotHocon(String override, String place) {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> SearchConfig.load(Optional.empty(), List.of(override)))
                .withMessageStartingWith("cannot parse the configuration: ")
                .withMessageContaining(place)
                .withMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.steps=5",
                "seed=5",
                "'ranking.limits.flops=5, training.steps=5'",
                "rankings.limits.flops=5"
            })
    void overrideOfWhatHasBeenTrained(String override) {
        String trained = "data.train = [/images]";

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(
                        () -> SearchConfig.parse(trained, List.of(override), Set.of("scoring", "selection", "ranking")))
                .withMessage("--set " + override + " is not accepted; expected a key of ranking, scoring,"
                        + " selection: nothing else can change once supernets are trained");
    }

    @Test
    void fileThatIsNotHocon() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> load("seed = 1\ntraining { steps = 5"))
                .withMessageStartingWith("cannot parse the configuration: " + folder.resolve("search.conf") + ": 2: ")
                .withMessageNotContaining("\n");
    }

    @Test
    void fileThatDoesNotExist() {
        Path missing = folder.resolve("missing.conf");

        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> SearchConfig.load(Optional.of(missing), List.of()))
                .withMessage("there is no configuration file " + missing + "; expected a HOCON file");
    }

    @Test
    void folderInsteadOfAFile() {
        assertThatExceptionOfType(UserMistake.class)
                .isThrownBy(() -> SearchConfig.load(Optional.of(folder), List.of()))
                .withMessage("there is no configuration file " + folder + "; expected a HOCON file");
    }

    private SearchConfig load(String text) throws IOException {
        return SearchConfig.load(Optional.of(Files.writeString(folder.resolve("search.conf"), text)), List.of());
    }
}
