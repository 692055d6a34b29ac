package io.efsnas.supernet.cuda;

import io.efsnas.supernet.MemoryShare;
import java.util.ArrayList;
import java.util.List;

/** A GPU's memory for many arrays that are freed together. */
final class Buffers implements AutoCloseable {

    private static final long ALIGNMENT = 256;
    private static final long SLAB = 16 << 20;

    private final Cuda cuda;
    private final MemoryShare share;
    private final List<Long> slabs = new ArrayList<>();
    private long taken;
    private long next;
    private long left;

    Buffers(Cuda cuda, MemoryShare share) {
        this.cuda = cuda;
        this.share = share;
    }

    /** An array of this many numbers of 4 bytes, with undefined content. */
    long floats(long count) {
        return bytes(Float.BYTES * count);
    }

    /** An array of this many numbers of 8 bytes, with undefined content. */
    long doubles(long count) {
        return bytes(Double.BYTES * count);
    }

    long bytes(long bytes) {
        long needed = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (needed > left) {
            long slab = Math.max(SLAB, needed);
            taken += slab;
            share.take(slab); // counts even what it refuses
            next = allocate(slab);
            left = slab;
            slabs.add(next);
        }
        long address = next;
        next += needed;
        left -= needed;
        return address;
    }

    private long allocate(long slab) {
        try {
            return cuda.allocate(slab);
        } catch (CudaException e) {
            throw e.isOutOfMemory() ? share.exhausted(e) : e;
        }
    }

    /** How much has been allocated. */
    long allocated() {
        return taken;
    }

    @Override
    public void close() {
        slabs.forEach(cuda::free);
        slabs.clear();
        share.giveBack(taken);
        taken = 0;
        left = 0;
    }
}
