package io.efsnas.driver.flow;

import io.efsnas.checkpoint.CheckpointStore;
import io.efsnas.data.Dataset;
import io.efsnas.data.ScoringBatches;
import io.efsnas.driver.config.SearchConfig;
import io.efsnas.driver.process.UserMistake;
import io.efsnas.driver.run.RunDirectory;
import io.efsnas.driver.storage.FileFailure;
import io.efsnas.network.ModelSize;
import io.efsnas.network.Weight;
import io.efsnas.retraining.NetworkTensors;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.retraining.RetrainedNetworkSpec.Regularisation;
import io.efsnas.retraining.RetrainingEngine;
import io.efsnas.space.Architecture;
import io.efsnas.split.SupernetNode;
import io.efsnas.split.SupernetTree;
import io.efsnas.supernet.EngineNames;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import io.efsnas.training.SupernetStates;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * A subnet with the weights of its supernet as a network of its own. A supernet's batch norms use the statistics of each
 * batch, which a network that classifies single images does not have: here they get running ones, from passes over images
 * that have trained the supernet.
 *
 * @param size the size of the supernet
 * @param tensors weights and statistics by name
 * @param dataset the images of the search
 */
public record SubnetWeights(Architecture architecture, ModelSize size, Map<String, Tensor> tensors, Dataset dataset) {

    /** After these, what the statistics began with is less than a hundredth of a percent of them. */
    private static final int BATCHES = 100;

    /**
     * Those of a search that has trained its supernets.
     *
     * @param text the architecture in the text form of the space
     * @throws UserMistake if the space has no such architecture or no image passes it, or if the supernets are not there or
     *     not trained to the end
     */
    public static SubnetWeights of(RunDirectory run, String text, Configuration hadoop) {
        SearchConfig config = run.requireSearch().searchConfig();
        SearchPlan plan = SearchPlan.load(config, hadoop);
        Architecture architecture = plan.requireConnected("--architecture", text);
        if (!plan.trains()) {
            throw new UserMistake(run + " has no trained supernets: ranking.rule = "
                    + config.ranking().ruleName() + " needs none");
        }
        SupernetTree tree = new SplitStage(plan.trees(), run).known();
        new TrainedRounds(plan, run, hadoop).requireAll(tree);
        if (!tree.serves(architecture)) {
            throw new UserMistake(plan.notServed(run.toString(), tree, architecture));
        }
        SupernetNode node = tree.leafOf(architecture);
        RetrainedNetworkSpec spec = new RetrainedNetworkSpec(
                plan.space(),
                architecture,
                node.size(),
                new Optimizer(0, 0, 0),
                Regularisation.NONE,
                0,
                plan.scoringBatch(),
                0);
        Map<String, Tensor> tensors = NetworkTensors.of(spec.network()).initial(0);
        SupernetState state = state(tree, node, run, config, hadoop);
        for (Weight weight : plan.space().subnet(architecture, node.size()).weights()) {
            tensors.put(weight.name(), state.tensors().get(weight.name()));
        }
        return new SubnetWeights(
                architecture, node.size(), withStatistics(spec, tensors, plan.dataset()), plan.dataset());
    }

    private static SupernetState state(
            SupernetTree tree, SupernetNode node, RunDirectory run, SearchConfig config, Configuration hadoop) {
        try {
            return new SupernetStates(
                            tree,
                            any -> new CheckpointStore(
                                    run.checkpoints(),
                                    any.describe(),
                                    config.checkpoints().keep(),
                                    hadoop))
                    .after(node, node.lastStep())
                    .orElseThrow()
                    .state();
        } catch (IOException e) {
            throw FileFailure.cannot("read", "the checkpoints of " + run, e);
        }
    }

    private static Map<String, Tensor> withStatistics(
            RetrainedNetworkSpec spec, Map<String, Tensor> tensors, Dataset dataset) {
        ScoringBatches batches =
                new ScoringBatches(dataset.train(), dataset.train().size(), dataset.normalization(), spec.batch());
        try (RetrainedNetwork network = UserMistake.checking(
                () -> RetrainingEngine.named(EngineNames.VECTOR).create(spec, Resources.cpu(1)))) {
            network.restore(tensors);
            for (int i = 0; i < BATCHES; i++) {
                network.logits(batches.batch(i % batches.count()), true);
            }
            Map<String, Tensor> state = new LinkedHashMap<>(network.state());
            state.keySet().removeIf(name -> name.startsWith(SupernetState.MOMENTUM));
            return state;
        }
    }
}
