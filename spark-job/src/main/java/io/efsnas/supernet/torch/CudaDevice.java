package io.efsnas.supernet.torch;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/** A GPU, with a stream of its own for one supernet: those that share the GPU compute beside each other. */
final class CudaDevice implements TorchDevice {

    private final byte index;
    private final Device device;
    private final Stream stream;

    /**
     * @param address the number of the GPU
     * @throws IllegalArgumentException if there is no such GPU
     */
    CudaDevice(String address) {
        int devices = torch.cuda_device_count();
        if (!address.matches("\\d{1,3}") || Integer.parseInt(address) >= devices) {
            throw new IllegalArgumentException("there is no GPU '" + address + "' here; libtorch sees "
                    + (devices == 0 ? "none: " + CudaLibraries.trouble() : "GPUs 0 to " + (devices - 1)));
        }
        index = Byte.parseByte(address);
        device = new Device(DeviceType.CUDA, index);
        torch.setDeviceIndex(index);
        stream = torch.getDeviceGuardImpl(DeviceType.CUDA).getStreamFromGlobalPool(device, false);
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
    public long memory() {
        try (SizeTPair freeAndTotal = torch.getMemoryInfo(index)) {
            return freeAndTotal.second();
        }
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
        stream.close();
        device.close();
    }
}
