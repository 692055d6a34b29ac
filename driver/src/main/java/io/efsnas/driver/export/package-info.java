/**
 * Trained networks in the formats that other programs load: ONNX, PyTorch, DL4J and safetensors. Each is written from the
 * one description of the network and its tensors.
 *
 * <p>Must not know how a network was trained.
 */
package io.efsnas.driver.export;
