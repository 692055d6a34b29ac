package io.efsnas.driver;

import io.efsnas.data.Batch;
import io.efsnas.data.format.ImageSet;
import io.efsnas.space.Architecture;
import io.efsnas.supernet.Combination;
import io.efsnas.supernet.Device;
import io.efsnas.supernet.DeviceLostException;
import io.efsnas.supernet.Engine;
import io.efsnas.supernet.Evaluation;
import io.efsnas.supernet.PendingEvaluation;
import io.efsnas.supernet.Precision;
import io.efsnas.supernet.Resources;
import io.efsnas.supernet.Supernet;
import io.efsnas.supernet.SupernetSpec;
import io.efsnas.supernet.SupernetState;
import io.efsnas.supernet.machine.KernelProfile;
import io.efsnas.supernet.machine.MachineCeilings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The engine {@code vector}, as if it computed on the GPU that Spark assigns: its results are those of a card. It can fail
 * once as libtorch does on a GPU that the process has lost, that is when an evaluation is waited for.
 */
public final class PretendGpuEngine implements Engine {

    static final String NAME = "pretend-gpu";

    /** The system property with the path of a file that the first process to lose its device makes. */
    static final String LOST = "efsnas.test.lost";

    /** The system property with what the process is doing then: {@code train} or {@code score}. */
    static final String WHILE = "efsnas.test.lost.while";

    /** The system property with the model of the card. */
    static final String CARD = "efsnas.test.card";

    private static final int STEPS_BEFORE = 7;
    private static final String FAILURE =
            """
            CUDA error: an illegal memory access was encountered
            CUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be\
             incorrect.""";

    /** Asked for when it is needed, since to find it all engines are made, and this one among them. */
    private static Engine vector() {
        return Engine.named("vector");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> missing() {
        return vector().missing();
    }

    @Override
    public boolean servesGpus() {
        return false;
    }

    @Override
    public Set<Precision> precisions() {
        return vector().precisions();
    }

    @Override
    public String description(Device device) {
        return vector().description(device)
                + device.gpu().map(any -> ", " + System.getProperty(CARD)).orElse("");
    }

    @Override
    public boolean repeats(String description, int itsThreads, Device device, int threads) {
        return description.equals(description(device));
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources) {
        return new PretendGpuSupernet(vector().create(spec, resources));
    }

    @Override
    public Supernet create(SupernetSpec spec, Resources resources, KernelProfile profile) {
        throw new UnsupportedOperationException("no test profiles it");
    }

    @Override
    public MachineCeilings ceilings(int threads) {
        return vector().ceilings(threads);
    }

    private static final class PretendGpuSupernet implements Supernet {

        private final Supernet supernet;
        private int steps;

        PretendGpuSupernet(Supernet supernet) {
            this.supernet = supernet;
        }

        @Override
        public PendingEvaluation train(
                Batch batch, List<Architecture> subnets, Combination combination, float learningRate) {
            PendingEvaluation evaluation = supernet.train(batch, subnets, combination, learningRate);
            if (steps++ < STEPS_BEFORE || !losesDevice("train")) {
                return evaluation;
            }
            return new PendingEvaluation() {
                @Override
                public boolean ready() {
                    return true;
                }

                @Override
                public Evaluation get() {
                    throw loss();
                }
            };
        }

        private static RuntimeException loss() {
            return DeviceLostException.explained(new IllegalStateException(FAILURE), "GPU 0");
        }

        private static boolean losesDevice(String doing) {
            if (!doing.equals(System.getProperty(WHILE))) {
                return false;
            }
            try {
                Files.createFile(Path.of(System.getProperty(LOST)));
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<Evaluation> score(Batch batch, List<Architecture> subnets) {
            if (losesDevice("score")) {
                throw loss();
            }
            return supernet.score(batch, subnets);
        }

        @Override
        public SupernetState state() {
            return supernet.state();
        }

        @Override
        public void restore(SupernetState state) {
            supernet.restore(state);
        }

        @Override
        public boolean keeps(ImageSet images) {
            return supernet.keeps(images);
        }

        @Override
        public void rest() {
            supernet.rest();
        }

        @Override
        public void close() {
            supernet.close();
        }
    }
}
