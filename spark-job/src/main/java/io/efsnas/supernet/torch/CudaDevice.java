package io.efsnas.supernet.torch;

import io.efsnas.supernet.DeviceLostException;
import io.efsnas.supernet.EngineNames;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/**
 * A GPU, with a stream of its own for one supernet: those that share the GPU compute beside each other. A stream is used
 * again when its supernet is closed, since libtorch keeps working memory for each that it has seen.
 */
final class CudaDevice implements TorchDevice {

    private static final Map<Byte, Deque<Stream>> FREE_STREAMS = new ConcurrentHashMap<>();

    private final byte index;
    private final Device device;
    private final Stream stream;

    /**
     * @param gpu the GPU that was assigned
     * @throws IllegalArgumentException if there is no such GPU
     */
    CudaDevice(io.efsnas.supernet.Device gpu) {
        index = (byte) gpu.gpuAmong(count(), EngineNames.LIBTORCH);
        device = new Device(DeviceType.CUDA, index);
        torch.setDeviceIndex(index);
        stream = Optional.ofNullable(freeStreams().pollFirst())
                .orElseGet(() -> torch.getDeviceGuardImpl(DeviceType.CUDA).getStreamFromGlobalPool(device, false));
    }

    /** What decides bits on a GPU beside libtorch's build: the card's model and cuDNN's version. */
    static String describe(io.efsnas.supernet.Device gpu) {
        int index = gpu.gpuAmong(count(), EngineNames.LIBTORCH);
        long cudnn = Context.versionRuntimeCuDNN();
        return String.format(
                "%s, cuDNN %d.%d.%d", CudaLibraries.cardName(index), cudnn / 10_000, cudnn / 100 % 100, cudnn % 100);
    }

    private static int count() {
        int gpus = torch.cuda_device_count();
        if (gpus == 0) {
            throw new IllegalArgumentException("libtorch sees no GPU here: " + CudaLibraries.trouble());
        }
        return gpus;
    }

    private Deque<Stream> freeStreams() {
        return FREE_STREAMS.computeIfAbsent(index, any -> new ConcurrentLinkedDeque<>());
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public void bind() {
        torch.setDeviceIndex(index);
        torch.setCurrentStream(stream);
    }

    @Override
    public boolean isIdle() {
        return torch.getDeviceGuardImpl(DeviceType.CUDA).queryStream(stream);
    }

    @Override
    public void await() {
        stream.synchronize();
    }

    @Override
    public long memory() {
        try (SizeTPair freeAndTotal = torch.getMemoryInfo(index)) {
            return freeAndTotal.second();
        }
    }

    @Override
    public RuntimeException explained(RuntimeException failure) {
        return DeviceLostException.explained(failure, "GPU " + index);
    }

    @Override
    public void giveBackMemory() {
        torch.emptyCache();
    }

    @Override
    public String toString() {
        return "the memory of GPU " + index;
    }

    @Override
    public void close() {
        freeStreams().addFirst(stream);
        device.close();
    }
}
