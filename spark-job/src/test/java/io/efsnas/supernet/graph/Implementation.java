package io.efsnas.supernet.graph;

/** Kernels under test. */
public interface Implementation<B> {

    Kernels<B> kernels(int batch);
}
