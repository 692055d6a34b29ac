package io.efsnas.supernet.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.efsnas.data.Batch;
import io.efsnas.data.Views;
import io.efsnas.data.format.ImageSet;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.MemoryShare;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.cuda.StepRing.Results;
import io.efsnas.supernet.machine.KernelProfile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A supernet on a GPU. */
final class CudaSupernet implements Supernet {

    /** How many subnets a batch is scored with side by side, fewer where memory is short. */
    private static final int SCORED_TOGETHER = 16;

    private final SupernetSpec spec;
    private final Cuda cuda;
    private final MemoryShare share;
    private final Optional<KernelProfile> profile;
    private final Pointer stream;
    private final Choices choices;
    private final Buffers buffers;
    private final DeviceWeights weights;
    private final Map<ImageSet, DeviceSet> sets = new HashMap<>();
    private final Map<Use, KernelSet> kernels = new EnumMap<>(Use.class);
    /** The one of each use has room for as many subnets as a call has had. */
    private final Map<Use, Program> programs = new EnumMap<>(Use.class);

    CudaSupernet(SupernetSpec spec, Resources resources, Cuda cuda, Optional<KernelProfile> profile) {
        this.spec = spec;
        this.profile = profile;
        this.cuda = cuda;
        cuda.bind();
        this.choices = new Choices(spec.space());
        this.share = new MemoryShare((long) (resources.deviceShare() * cuda.memory()), "the memory of " + cuda);
        this.stream = cuda.stream();
        this.buffers = new Buffers(cuda, share);
        try {
            this.weights = new DeviceWeights(cuda, spec, buffers, stream);
        } catch (RuntimeException e) {
            buffers.close();
            cuda.destroyStream(stream);
            throw e;
        }
    }

    @Override
    public PendingEvaluation train(
            Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
        cuda.bind();
        spec.requireFits(batch);
        if (subnets.size() > StepRing.MOST_SUBNETS) {
            throw new IllegalArgumentException("the engine 'cuda' trains at most " + StepRing.MOST_SUBNETS
                    + " subnets in a step (training.subnets-per-step), not " + subnets.size());
        }
        float scale = combination.factor(batch.size(), subnets.size());
        return launch(program(Use.TRAINING, subnets.size()), batch, subnets, learningRate, scale);
    }

    @Override
    public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
        cuda.bind();
        spec.requireFits(batch);
        int together = Math.min(
                Math.min(SCORED_TOGETHER, subnets.size()), Program.subnetsThatFit(spec, share.left() + scoringBytes()));
        Program program = program(Use.SCORING, together);
        List<Results> results = new ArrayList<>();
        for (int from = 0; from < subnets.size(); from += program.subnets()) {
            List<Architecture> some = subnets.subList(from, Math.min(from + program.subnets(), subnets.size()));
            results.add(launch(program, batch, some, 0, 0));
        }
        return results.stream().flatMap(each -> each.evaluations().stream()).toList();
    }

    private long scoringBytes() {
        return Optional.ofNullable(programs.get(Use.SCORING))
                .map(Program::bytes)
                .orElse(0L);
    }

    /** The program of a use, with room for so many subnets. */
    private Program program(Use use, int subnets) {
        Program existing = programs.get(use);
        if (existing != null && existing.subnets() >= subnets) {
            return existing;
        }
        if (existing != null) {
            programs.remove(use).close();
        }
        KernelSet built = kernels.computeIfAbsent(use, any -> new KernelSet(cuda, spec, use, stream));
        Program made = new Program(cuda, built, spec, weights, use, subnets, share, profile, stream);
        programs.put(use, made);
        return made;
    }

    private Results launch(Program program, Batch batch, List<Architecture> subnets, float learningRate, float scale) {
        Optional<DeviceSet> set =
                batch.views().filter(views -> keeps(views.set())).map(this::deviceSet);
        if (set.isEmpty()) {
            Memory pixels = new Memory((long) Float.BYTES * batch.images().length);
            pixels.write(0, batch.images(), 0, batch.images().length);
            cuda.write(program.images(), pixels, stream);
        }
        return program.launch(new StepRing.Step(batch, set, choices.of(subnets), learningRate, scale));
    }

    private DeviceSet deviceSet(Views views) {
        return sets.computeIfAbsent(views.set(), any -> {
            try {
                return DeviceSet.use(views, cuda, stream);
            } catch (CudaException e) {
                throw e.isOutOfMemory() ? share.exhausted(e) : e;
            }
        });
    }

    @Override
    public SupernetState state() {
        cuda.bind();
        return weights.state();
    }

    @Override
    public void restore(SupernetState state) {
        cuda.bind();
        weights.restore(state);
    }

    @Override
    public boolean keeps(ImageSet images) {
        return DeviceSet.suits(images);
    }

    @Override
    public void rest() {
        cuda.bind();
        programs.values().forEach(Program::close);
        programs.clear();
    }

    @Override
    public void close() {
        rest();
        kernels.values().forEach(KernelSet::close);
        sets.values().forEach(DeviceSet::release);
        buffers.close();
        cuda.destroyStream(stream);
    }
}
