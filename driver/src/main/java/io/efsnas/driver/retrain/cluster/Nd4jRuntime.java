package io.efsnas.driver.retrain.cluster;

import io.efsnas.supernet.nd4j.NativeLibrary;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J as the process that runs a task needs it. */
public final class Nd4jRuntime {

    /** Of Aeron, which exchanges gradients: it has to be above the 30 s of the client timeout that ND4J sets. */
    private static final String UNBLOCK_TIMEOUT = "aeron.publication.unblock.timeout";

    private Nd4jRuntime() {}

    /**
     * Loads the build of ND4J's library that suits the processor, before DL4J would load any, and lets the calling thread
     * compute with so many threads. Networks that are made afterwards use oneDNN.
     */
    public static void prepare(int threads) {
        NativeLibrary.select();
        System.setProperty(UNBLOCK_TIMEOUT, "40s");
        System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, "false"); // lets DL4J's layers use oneDNN
        Nd4j.getExecutioner(); // finds the backend, without which there are no native operations
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
}
