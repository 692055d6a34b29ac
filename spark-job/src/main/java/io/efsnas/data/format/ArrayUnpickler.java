package io.efsnas.data.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads pickles of numbers, text, lists, dictionaries and arrays of NumPy. Everything else that a pickle asks to be built
 * is refused by name: no class is looked up, neither Python's nor Java's.
 */
final class ArrayUnpickler extends Unpickler {

    /** The content of an array of NumPy, or null where it is not a plain block of bytes. */
    static final class Array {

        private byte[] bytes;

        byte[] bytes() {
            return bytes;
        }
    }

    /** The type of an array's values, which the reader of the array has to know. */
    private record ValueType() {}

    private static final IObjectConstructor NOTHING = arguments -> new ValueType();
    private static final IObjectConstructor NEW_ARRAY = arguments -> new Array();
    private static final IObjectConstructor ARRAY_OF_BUFFER = arguments -> {
        Array array = new Array();
        array.bytes = bytes(arguments[0]);
        return array;
    };
    private static final IObjectConstructor ENCODED_TEXT = arguments -> bytes(arguments[0]);

    /** What NumPy's arrays are made of in versions 1 and 2, and how Python 3 writes bytes for Python 2. */
    private static final Map<String, IObjectConstructor> BUILT = Map.of(
            "numpy.core.multiarray._reconstruct", NEW_ARRAY,
            "numpy._core.multiarray._reconstruct", NEW_ARRAY,
            "numpy.core.numeric._frombuffer", ARRAY_OF_BUFFER,
            "numpy._core.numeric._frombuffer", ARRAY_OF_BUFFER,
            "numpy.ndarray", NOTHING,
            "numpy.dtype", NOTHING,
            "_codecs.encode", ENCODED_TEXT);

    @Override
    protected Object dispatch(short opcode) throws IOException {
        switch (opcode) {
            case Opcodes.GLOBAL -> build(PickleUtils.readline(input), PickleUtils.readline(input));
            case Opcodes.STACK_GLOBAL -> {
                Object name = stack.pop();
                build(String.valueOf(stack.pop()), String.valueOf(name));
            }
            case Opcodes.BUILD -> {
                Object state = stack.pop();
                if (stack.peek() instanceof Array array && state instanceof Object[] values && values.length > 0) {
                    array.bytes = bytes(values[values.length - 1]); // the last after version, shape, type and order
                } else if (!(stack.peek() instanceof ValueType)) {
                    throw new PickleException("it sets the state of something that is no array");
                }
            }
            case Opcodes.INST, Opcodes.OBJ, Opcodes.NEWOBJ, Opcodes.NEWOBJ_EX -> throw new PickleException(
                    "it asks for an object of a class");
            default -> {
                return super.dispatch(opcode);
            }
        }
        return NO_RETURN_VALUE;
    }

    private void build(String module, String name) {
        IObjectConstructor constructor = BUILT.get(module + "." + name);
        if (constructor == null) {
            throw new PickleException("it asks for " + module + "." + name);
        }
        stack.add(constructor);
    }

    /** Bytes as any version of Python has written them: as such, or each as a character. */
    private static byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        return value instanceof String text ? text.getBytes(StandardCharsets.ISO_8859_1) : null;
    }
}
