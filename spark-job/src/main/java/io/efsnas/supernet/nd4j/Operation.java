package io.efsnas.supernet.nd4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An operation of ND4J with fixed arguments, ready to be run on many arrays. Results go into given arrays: an operation
 * that has to make its output spends more time on that than on the arithmetic.
 */
final class Operation {

    private final CustomOp operation;
    private final OpContext context = Nd4j.getExecutioner().buildContext();

    Operation(String name, long... integers) {
        this(name, new double[0], integers);
    }

    Operation(String name, double[] reals, long... integers) {
        operation = DynamicCustomOp.builder(name).build();
        context.setIArguments(integers);
        context.setTArguments(reals);
    }

    void run(List<INDArray> inputs, INDArray... outputs) {
        for (int i = 0; i < inputs.size(); i++) {
            context.setInputArray(i, inputs.get(i));
        }
        for (int i = 0; i < outputs.length; i++) {
            context.setOutputArray(i, outputs[i]);
        }
        Nd4j.exec(operation, context);
        context.purge(); // or the native context keeps a handle of every array that it was ever given
    }
}
