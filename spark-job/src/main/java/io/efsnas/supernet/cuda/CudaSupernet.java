package io.efsnas.supernet.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.efsnas.data.Batch;
import io.efsnas.data.ImageSet;
import io.efsnas.data.Views;
import io.efsnas.space.Architecture;
import io.efsnas.space.Weight;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.InitialWeights;
import io.efsnas.supernet.MemoryShare;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.SupernetState.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A supernet on a GPU. */
final class CudaSupernet implements Supernet {

    /** Of how many subnets a scored batch is computed side by side, where the memory allows it. */
    private static final int SCORED_TOGETHER = 16;

    private final SupernetSpec spec;
    private final Cuda cuda;
    private final String gpu;
    private final MemoryShare share;
    private final Pointer stream;
    private final List<Weight> all;
    private final FlatWeights layout;
    private final Choices choices;
    private final Buffers buffers;
    private final long weights;
    private final long momenta;
    private final Map<ImageSet, DeviceSet> sets = new HashMap<>();
    private final Map<Boolean, KernelSet> kernels = new HashMap<>();
    /** By the number of subnets. */
    private final Map<Integer, Program> trainings = new HashMap<>();

    private Optional<Program> scoring = Optional.empty();

    CudaSupernet(SupernetSpec spec, Resources resources, Cuda.Libraries libraries) {
        this.spec = spec;
        this.all = spec.space().weights(spec.size());
        this.layout = new FlatWeights(all, spec.size());
        this.choices = new Choices(spec.space());
        this.cuda = new Cuda(libraries, resources.device());
        this.gpu = resources.device().toString();
        this.share = new MemoryShare((long) (resources.deviceShare() * cuda.memory()), "the memory of " + cuda);
        this.stream = cuda.stream();
        this.buffers = new Buffers(cuda, share);
        this.weights = buffers.floats(layout.size());
        this.momenta = buffers.floats(layout.size());
        float[] row = new float[layout.size()];
        for (int i = 0; i < all.size(); i++) {
            layout.put(place(all.get(i)), InitialWeights.of(spec.seed(), i, all.get(i)), row);
        }
        cuda.write(weights, row, stream);
        cuda.clear(momenta, (long) Float.BYTES * layout.size(), stream);
    }

    private FlatWeights.Place place(Weight weight) {
        return layout.place(weight.name());
    }

    @Override
    public PendingEvaluation train(Batch batch, List<Architecture> subnets, float learningRate) {
        cuda.bind();
        spec.requireFits(batch);
        Program program =
                trainings.computeIfAbsent(subnets.size(), count -> program(count, Optional.of(spec.optimizer())));
        float scale = 1f / (batch.size() * subnets.size());
        return launch(program, batch, choices.of(subnets), learningRate, scale).mean();
    }

    @Override
    public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
        cuda.bind();
        spec.requireFits(batch);
        int together = Math.min(SCORED_TOGETHER, Integer.highestOneBit(Math.max(1, 2 * subnets.size() - 1)));
        Program program =
                scoring.filter(existing -> existing.subnets() >= together).orElseGet(() -> scoringOf(together));
        List<StepRing.Step> steps = new ArrayList<>();
        List<Evaluation> evaluations = new ArrayList<>();
        for (int from = 0; from < subnets.size(); from += program.subnets()) {
            List<Architecture> some = subnets.subList(from, Math.min(from + program.subnets(), subnets.size()));
            steps.add(launch(program, batch, choices.of(some), 0, 0));
            if (steps.size() > 1) {
                evaluations.addAll(steps.get(steps.size() - 2).evaluations());
            }
        }
        if (!steps.isEmpty()) {
            evaluations.addAll(steps.get(steps.size() - 1).evaluations());
        }
        return evaluations;
    }

    private Program scoringOf(int together) {
        scoring.ifPresent(Program::close);
        scoring = Optional.empty();
        scoring = Optional.of(program(together, Optional.empty()));
        return scoring.get();
    }

    private Program program(int subnets, Optional<SupernetSpec.Optimizer> optimizer) {
        KernelSet built = kernels.computeIfAbsent(
                optimizer.isPresent(), training -> new KernelSet(cuda, spec.size(), spec.batch(), training, stream));
        return new Program(
                cuda,
                built,
                layout,
                spec.size(),
                spec.batch(),
                subnets,
                weights,
                momenta,
                optimizer.orElse(null),
                share,
                stream);
    }

    private StepRing.Step launch(Program program, Batch batch, int[] choices, float learningRate, float scale) {
        Optional<Views> views = batch.views().filter(any -> keeps(any.set()));
        DeviceSet set = views.map(this::deviceSet).orElse(null);
        if (views.isEmpty()) {
            Memory pixels = new Memory((long) Float.BYTES * batch.images().length);
            pixels.write(0, batch.images(), 0, batch.images().length);
            cuda.write(program.images(), pixels, pixels.size(), stream);
        }
        StepRing.Step step = program.ring().fill(batch.labels(), views, set, choices, learningRate, scale);
        program.launch();
        step.launched(stream);
        return step;
    }

    private DeviceSet deviceSet(Views views) {
        return sets.computeIfAbsent(views.set(), any -> DeviceSet.use(views, gpu, cuda, stream));
    }

    @Override
    public SupernetState state() {
        cuda.bind();
        float[] values = cuda.readFloats(weights, layout.size(), stream);
        float[] moved = cuda.readFloats(momenta, layout.size(), stream);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Weight weight : all) {
            tensors.put(weight.name(), new Tensor(weight.shape(), layout.get(place(weight), values)));
        }
        for (Weight weight : all) {
            tensors.put(
                    SupernetState.MOMENTUM + weight.name(),
                    new Tensor(weight.shape(), layout.get(place(weight), moved)));
        }
        return new SupernetState(tensors);
    }

    @Override
    public void restore(SupernetState state) {
        cuda.bind();
        state.requireTensorsOf(all);
        float[] values = new float[layout.size()];
        float[] moved = new float[layout.size()];
        for (Weight weight : all) {
            layout.put(place(weight), state.values(weight), values);
            layout.put(place(weight), state.momentum(weight), moved);
        }
        cuda.write(weights, values, stream);
        cuda.write(momenta, moved, stream);
    }

    @Override
    public boolean keeps(ImageSet images) {
        return DeviceSet.suits(images);
    }

    @Override
    public void rest() {
        cuda.bind();
        closePrograms();
    }

    private void closePrograms() {
        trainings.values().forEach(Program::close);
        trainings.clear();
        scoring.ifPresent(Program::close);
        scoring = Optional.empty();
    }

    @Override
    public void close() {
        cuda.bind();
        cuda.await(stream);
        closePrograms();
        kernels.values().forEach(KernelSet::close);
        sets.values().forEach(DeviceSet::release);
        buffers.close();
        cuda.destroyStream(stream);
    }
}
