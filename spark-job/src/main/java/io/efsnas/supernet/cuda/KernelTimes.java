package io.efsnas.supernet.cuda;

import com.sun.jna.Pointer;
import io.efsnas.supernet.machine.KernelProfile;
import java.util.ArrayList;
import java.util.List;

/**
 * How long each kernel of a recorded step takes on the GPU, its launch included. While a step is being recorded the
 * kernels must follow one another on one stream.
 */
final class KernelTimes implements AutoCloseable {

    private final Cuda cuda;
    private final KernelProfile profile;
    private final List<String> kernels = new ArrayList<>();
    /** The first is before all kernels, each other one behind one kernel. */
    private final List<Pointer> events = new ArrayList<>();

    KernelTimes(Cuda cuda, KernelProfile profile) {
        this.cuda = cuda;
        this.profile = profile;
    }

    /** To be called before the first launch is recorded. */
    void begin(Pointer stream) {
        mark(stream);
    }

    /** To be called when the launch of a kernel has been recorded. */
    void add(String kernel, Pointer stream) {
        kernels.add(kernel);
        mark(stream);
    }

    private void mark(Pointer stream) {
        Pointer event = cuda.timedEvent();
        events.add(event);
        cuda.mark(event, stream);
    }

    /** Adds the step launched last to the profile, after waiting for it. */
    void read(Pointer stream) {
        cuda.await(stream);
        for (int i = 0; i < kernels.size(); i++) {
            profile.add(kernels.get(i), cuda.nanoseconds(events.get(i), events.get(i + 1)), 0, 0);
        }
    }

    @Override
    public void close() {
        events.forEach(cuda::destroyEvent);
    }
}
