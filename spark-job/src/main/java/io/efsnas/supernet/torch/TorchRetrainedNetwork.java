package io.efsnas.supernet.torch;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.network.AuxiliaryHead;
import io.efsnas.network.Layer;
import io.efsnas.network.Network;
import io.efsnas.network.Network.Node;
import io.efsnas.network.Weight;
import io.efsnas.retraining.NetworkTensors;
import io.efsnas.retraining.RetrainedNetwork;
import io.efsnas.retraining.RetrainedNetworkSpec;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.MemoryShare;
import io.efsnas.supernet.SupernetSpec.Optimizer;
import io.efsnas.supernet.SupernetState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A final network in libtorch's operations, with gradients by its record of them. */
final class TorchRetrainedNetwork implements RetrainedNetwork {

    private static final double EPSILON = 1e-5;
    /** How much of the running statistics a batch's replace. */
    private static final double STATISTICS_MOMENTUM = 0.1;

    private static final int MEAN = 1;
    private static final int SUM = 2;
    private static final long NO_CLASS_IGNORED = -100;
    private static final long[] ONES = {1, 1};

    private final RetrainedNetworkSpec spec;
    private final NetworkTensors tensors;
    /** With the auxiliary head, if there is one. */
    private final Pass trainingPass;
    /** Of a network that does not train: with averages if they are kept. */
    private final Pass judgedPass;
    /** The node of the head's logits. */
    private final OptionalInt furtherLogits;

    private final TorchDevice device;
    private final MemoryShare memory;
    private final TorchUpdate update;
    private final DeviceBatches batches;
    private final TorchBuffer images;
    private final TorchBuffer labels;
    /** Weights, statistics, momenta and averages by name, as rows. */
    private final Map<String, TorchBuffer> values = new HashMap<>();

    private final Group decaying;
    private final Group constant;

    /** Correct answers and losses of the training batches since they were last asked for. */
    private final TorchBuffer total;

    private int imagesSeen;

    /**
     * A network that runs forward.
     *
     * @param lastUses for each node the last one that takes its output
     * @param rows the rows that the layer of each node takes
     * @param shapes the shape of the first of them
     * @param paths the nodes that training steps leave out
     */
    private record Pass(
            Network network,
            int[] lastUses,
            List<List<TorchBuffer>> rows,
            List<Optional<Weight>> shapes,
            List<Integer> paths) {

        static Pass of(Network network, Function<Weight, TorchBuffer> row, List<Integer> paths) {
            int[] last = new int[network.nodes().size()];
            network.nodes().forEach(node -> node.inputs().forEach(input -> last[input] = node.index()));
            return new Pass(
                    network,
                    last,
                    network.nodes().stream()
                            .map(node -> NetworkTensors.of(node.layer()).stream()
                                    .map(row)
                                    .toList())
                            .toList(),
                    network.nodes().stream()
                            .map(node -> node.layer().weights().stream().findFirst())
                            .toList(),
                    paths);
        }

        int last() {
            return lastUses.length - 1;
        }
    }

    /** Weights that an optimizer updates. */
    private record Group(List<TorchBuffer> rows, List<TorchBuffer> momenta, Optimizer optimizer) {

        static Group of(List<Weight> weights, Map<String, TorchBuffer> values, Optimizer optimizer) {
            return new Group(
                    weights.stream().map(weight -> values.get(weight.name())).toList(),
                    weights.stream()
                            .map(weight -> values.get(SupernetState.MOMENTUM + weight.name()))
                            .toList(),
                    optimizer);
        }
    }

    /**
     * @param device the device, which the network owns
     */
    TorchRetrainedNetwork(RetrainedNetworkSpec spec, TorchDevice device) {
        this.spec = spec;
        this.device = device;
        this.memory = new MemoryShare(device.memory(), device.toString());
        device.bind();
        this.update = new TorchUpdate();
        this.batches = new DeviceBatches(device, ScalarType.Float);
        this.images = new TorchBuffer(memory);
        this.labels = new TorchBuffer(memory);
        this.total = new TorchBuffer(memory);
        this.tensors = spec.tensors();
        tensors.shapes().keySet().forEach(name -> values.put(name, new TorchBuffer(memory)));
        this.trainingPass = Pass.of(spec.trainingNetwork(), weight -> values.get(weight.name()), spec.droppedPaths());
        String judged = spec.averages() ? SupernetState.AVERAGE : "";
        this.judgedPass = Pass.of(spec.network(), weight -> values.get(judged + weight.name()), List.of());
        this.furtherLogits =
                spec.head().stream().mapToInt(AuxiliaryHead::logits).findFirst();
        this.decaying = Group.of(tensors.decaying(), values, spec.optimizer().withoutClip());
        this.constant = Group.of(
                tensors.constant(), values, spec.optimizer().withoutDecay().withoutClip());
        restore(tensors.initial(spec.seed()));
    }

    @Override
    public void train(Batch batch, long step, float learningRate, double progress) {
        device.bind();
        try (PointerScope scope = new PointerScope()) {
            batches.load(batch, images, labels);
            Tensor[] outputs = forward(new Operations(
                    trainingPass,
                    true,
                    inputs -> spec.regularisation().dropout() > 0 ? inputs.mul(dropout(inputs, step)) : inputs,
                    pathFactors(step, progress, batch.size())));
            Tensor logits = outputs[trainingPass.last()];
            Tensor loss = loss(logits, MEAN, spec.regularisation().labelSmoothing());
            Tensor[] learned = Stream.concat(decaying.rows().stream(), constant.rows().stream())
                    .map(TorchBuffer::get)
                    .toArray(Tensor[]::new);
            Tensor whole = furtherLogits.isPresent() ? withFurther(loss, outputs[furtherLogits.getAsInt()]) : loss;
            TensorVector differentiated = torch.grad(new TensorVector(whole), new TensorVector(learned));
            try (NoGradGuard guard = new NoGradGuard()) {
                List<Tensor> gradients = IntStream.range(0, learned.length)
                        .mapToObj(i -> differentiated.get(i).contiguous()) // as the update takes for granted
                        .toList();
                update.clip(gradients, spec.optimizer());
                int constants = decaying.rows().size();
                update(decaying, gradients.subList(0, constants), learningRate);
                update(constant, gradients.subList(constants, learned.length), learningRate);
                if (spec.averages()) {
                    moveAverages(1.0 - spec.averageDecay(step));
                }
                addToTotal(batch.size(), correctAndLoss(logits, loss.mul(new Scalar((double) batch.size()))));
            }
        } catch (RuntimeException e) {
            throw explained(e);
        }
    }

    private Tensor withFurther(Tensor loss, Tensor logits) {
        Tensor further = loss(logits, MEAN, spec.regularisation().labelSmoothing());
        return loss.add(further.mul(new Scalar(spec.regularisation().auxiliaryWeight())));
    }

    /** What maps are multiplied by, {@code [path][image][1][1][1]}; empty if the step leaves out no path. */
    private Optional<Tensor> pathFactors(long step, double progress, int count) {
        int paths = trainingPass.paths().size();
        float[] factors = new float[paths * count];
        return paths > 0 && spec.dropPaths(step, progress, factors, factors.length)
                ? Optional.of(onDevice(Tensor.create(factors, paths, count, 1, 1, 1)))
                : Optional.empty();
    }

    private Tensor onDevice(Tensor host) {
        return host.to(device.device(), ScalarType.Float, true, false, null);
    }

    private void update(Group group, List<Tensor> gradients, float learningRate) {
        update.run(
                group.rows().stream().map(TorchBuffer::get).toList(),
                gradients,
                group.momenta().stream().map(TorchBuffer::get).toList(),
                group.optimizer(),
                learningRate);
    }

    /** @param share of the distance between an average and what it is the average of */
    private void moveAverages(double share) {
        update.follow(
                tensors.averages().stream()
                        .map(average -> values.get(average.name()).get())
                        .toList(),
                tensors.averages().stream()
                        .map(average -> values.get(average.name().substring(SupernetState.AVERAGE.length()))
                                .get())
                        .toList(),
                share);
    }

    private Tensor loss(Tensor logits, int reduction, double smoothing) {
        return torch.cross_entropy_loss(
                logits, labels.get(), new TensorOptional(), reduction, NO_CLASS_IGNORED, smoothing);
    }

    private Tensor correctAndLoss(Tensor logits, Tensor lossSum) {
        Tensor correct = torch.argmax(logits, new LongOptional(1), false)
                .eq(labels.get())
                .sum(new ScalarTypeOptional(ScalarType.Double));
        return torch.stack(new TensorVector(correct, lossSum.to(ScalarType.Double)));
    }

    private void addToTotal(int count, Tensor correctAndLoss) {
        total.put(correctAndLoss, !total.isEmpty());
        imagesSeen += count;
    }

    @Override
    public Evaluation trained() {
        device.bind();
        try (PointerScope scope = new PointerScope()) {
            Evaluation evaluation = evaluation(imagesSeen, total.get());
            total.close();
            imagesSeen = 0;
            return evaluation;
        }
    }

    private static Evaluation evaluation(int count, Tensor correctAndLoss) {
        double[] host = new double[2];
        correctAndLoss.cpu().data_ptr_double().get(host);
        return new Evaluation(count, host[0], host[1]);
    }

    @Override
    public Evaluation evaluate(Batch batch) {
        device.bind();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            batches.load(batch, images, labels);
            Tensor logits = logits(false);
            return evaluation(batch.size(), correctAndLoss(logits, loss(logits, SUM, 0)));
        } catch (RuntimeException e) {
            throw explained(e);
        }
    }

    @Override
    public float[] logits(Batch batch, boolean training) {
        device.bind();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            batches.load(batch, images, labels);
            Tensor logits = logits(training).contiguous().cpu();
            float[] host = new float[(int) logits.numel()];
            logits.data_ptr_float().get(host);
            return host;
        } catch (RuntimeException e) {
            throw explained(e);
        }
    }

    /** The logits of the images that were loaded, with nothing left out. */
    private Tensor logits(boolean training) {
        Pass pass = training ? trainingPass : judgedPass;
        return forward(new Operations(pass, training, UnaryOperator.identity(), Optional.empty()))[pass.last()];
    }

    /** The outputs of all nodes that no other node takes, for the images that were loaded. */
    private static Tensor[] forward(Operations operations) {
        Pass pass = operations.pass;
        Tensor[] outputs = operations.outputs;
        for (Node node : pass.network().nodes()) {
            outputs[node.index()] = operations.output(node);
            for (int input : node.inputs()) {
                if (input > 0 && pass.lastUses()[input] == node.index() && outputs[input] != null) {
                    outputs[input].close(); // what gradients need of it libtorch keeps
                    outputs[input] = null;
                }
            }
        }
        return outputs;
    }

    /** The operations of libtorch that compute the layers, of one forward computation. */
    private final class Operations implements Layer.Visitor<Tensor> {

        private final Pass pass;
        private final boolean training;
        private final UnaryOperator<Tensor> dropout;
        private final Optional<Tensor> pathFactors;
        private final Tensor[] outputs;
        private Node node;

        /**
         * @param training whether batch norms use, and add, the statistics of the batch
         * @param dropout leaves out inputs of the classifier
         * @param pathFactors what paths are multiplied by
         */
        Operations(Pass pass, boolean training, UnaryOperator<Tensor> dropout, Optional<Tensor> pathFactors) {
            this.pass = pass;
            this.training = training;
            this.dropout = dropout;
            this.pathFactors = pathFactors;
            this.outputs = new Tensor[pass.lastUses().length];
        }

        Tensor output(Node next) {
            node = next;
            Tensor output = next.layer().accept(this);
            int path = pathFactors.isPresent() ? pass.paths().indexOf(next.index()) : -1;
            if (path < 0) {
                return output;
            }
            Tensor left = output.mul(pathFactors.get().select(0, path));
            output.close();
            return left;
        }

        private Tensor x() {
            return outputs[node.inputs().get(0)];
        }

        private TensorOptional row(int index) {
            return optional(rows().get(index));
        }

        private List<TorchBuffer> rows() {
            return pass.rows().get(node.index());
        }

        private Tensor weight() {
            return WeightRows.shaped(
                    pass.shapes().get(node.index()).orElseThrow(), rows().get(0).get());
        }

        @Override
        public Tensor input(Layer.Input layer) {
            return images.get();
        }

        @Override
        public Tensor convolution(Layer.Convolution layer) {
            return TorchRetrainedNetwork.convolution(
                    layer, x(), weight(), node.inputs().get(0) == 0);
        }

        @Override
        public Tensor depthwise(Layer.Depthwise layer) {
            return torch.conv2d(
                    x(),
                    weight(),
                    new TensorOptional(),
                    both(layer.stride()),
                    both(layer.padding()),
                    both(layer.dilation()),
                    layer.channels());
        }

        @Override
        public Tensor batchNorm(Layer.BatchNorm layer) {
            return torch.batch_norm(x(), row(0), row(1), row(2), row(3), training, STATISTICS_MOMENTUM, EPSILON, true);
        }

        @Override
        public Tensor relu(Layer.Relu layer) {
            return torch.relu(x());
        }

        @Override
        public Tensor relu6(Layer.Relu6 layer) {
            return torch.relu6(x());
        }

        @Override
        public Tensor hardSigmoid(Layer.HardSigmoid layer) {
            return torch.hardsigmoid(x());
        }

        /** Factors that come from a linear layer are rows. */
        @Override
        public Tensor channelScale(Layer.ChannelScale layer) {
            Tensor factors = outputs[node.inputs().get(1)];
            return x().mul(factors.reshape(factors.size(0), factors.size(1), 1, 1));
        }

        @Override
        public Tensor averagePool(Layer.AveragePool layer) {
            // Of maps with the channel innermost its gradient is wrong on GPUs if it is padded, see TorchKernels; of
            // windows that overlap without padding it was not tried.
            boolean planar = (layer.padding() > 0 || layer.kernel() > layer.stride()) && x().is_cuda();
            return torch.avg_pool2d(
                    planar ? x().contiguous(MemoryFormat.Contiguous) : x(),
                    both(layer.kernel()),
                    both(layer.stride()),
                    both(layer.padding()),
                    false,
                    false,
                    new LongOptional());
        }

        @Override
        public Tensor maxPool(Layer.MaxPool layer) {
            return torch.max_pool2d(
                    x(), both(layer.kernel()), both(layer.stride()), both(layer.padding()), ONES, false);
        }

        @Override
        public Tensor subsample(Layer.Subsample layer) {
            return TorchKernels.kept(layer, x()).contiguous(MemoryFormat.ChannelsLast);
        }

        @Override
        public Tensor concatenation(Layer.Concatenation layer) {
            Tensor[] maps = node.inputs().stream().map(input -> outputs[input]).toArray(Tensor[]::new);
            return torch.cat(new TensorVector(maps), 1);
        }

        @Override
        public Tensor sum(Layer.Sum layer) {
            Tensor sum = x();
            for (int input : node.inputs().subList(1, node.inputs().size())) {
                sum = sum.add(outputs[input]);
            }
            return sum;
        }

        @Override
        public Tensor globalAveragePool(Layer.GlobalAveragePool layer) {
            return torch.mean(x(), new long[] {2, 3}, true, new ScalarTypeOptional());
        }

        @Override
        public Tensor linear(Layer.Linear layer) {
            Tensor row = x().reshape(x().size(0), -1);
            Tensor left = node.index() == pass.last() ? dropout.apply(row) : row;
            return torch.linear(left, weight(), row(1));
        }
    }

    private static Tensor convolution(Layer.Convolution layer, Tensor x, Tensor weight, boolean ofImage) {
        // Of a single channel libtorch's gradient is wrong on some processors; a second one of no weight mends it.
        boolean widened = layer.inputs() == 1 && !ofImage;
        return torch.conv2d(
                widened ? pair(x, x) : x,
                widened ? pair(weight, torch.zeros_like(weight)) : weight,
                new TensorOptional(),
                both(layer.stride()),
                both(layer.padding()),
                ONES,
                1);
    }

    private static Tensor pair(Tensor first, Tensor second) {
        return torch.cat(new TensorVector(first, second), 1).contiguous(MemoryFormat.ChannelsLast);
    }

    private static TensorOptional optional(TorchBuffer row) {
        return new TensorOptional(row.get());
    }

    private static long[] both(int value) {
        return new long[] {value, value};
    }

    private Tensor dropout(Tensor inputs, long step) {
        return onDevice(Tensor.create(spec.dropoutFactors(step, (int) inputs.numel()), inputs.size(0), inputs.size(1)));
    }

    @Override
    public Map<String, SupernetState.Tensor> state() {
        device.bind();
        Map<String, SupernetState.Tensor> state = new LinkedHashMap<>();
        tensors.shapes().forEach((name, weight) -> {
            float[] host = new float[weight.size()];
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                Tensor row = values.get(name).get();
                WeightRows.shaped(weight, row)
                        .contiguous()
                        .cpu()
                        .data_ptr_float()
                        .get(host);
            }
            state.put(name, new SupernetState.Tensor(weight.shape(), host));
        });
        return state;
    }

    @Override
    public void restore(Map<String, SupernetState.Tensor> state) {
        tensors.requireAll(state);
        device.bind();
        state.forEach(this::write);
    }

    private void write(String name, SupernetState.Tensor tensor) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
            Tensor row = WeightRows.row(Tensor.create(tensor.values(), shape))
                    .to(device.device(), ScalarType.Float, false, true, null);
            row.requires_grad_(values.containsKey(SupernetState.MOMENTUM + name)); // if it is learned
            values.get(name).set(row);
        }
    }

    @Override
    public boolean keeps(ImageSet set) {
        return batches.keeps(set);
    }

    private RuntimeException explained(RuntimeException failure) {
        boolean full = failure.getMessage() != null && failure.getMessage().contains("out of memory");
        return full
                ? new IllegalStateException(
                        device + " is full; lower retrain.batch, network.channels or network.cells", failure)
                : failure;
    }

    @Override
    public void close() {
        device.bind();
        device.await();
        images.close();
        labels.close();
        total.close();
        values.values().forEach(TorchBuffer::close);
        batches.close();
        update.close();
        device.giveBackMemory();
        device.close();
    }
}
