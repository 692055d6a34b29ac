package io.efsnas.supernet;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The process has lost its GPU. After such an error every further call to CUDA fails in this process, in all threads; only
 * a new process can use the GPU again.
 */
public final class DeviceLostException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Errors in the words of CUDA, cuBLAS and cuDNN, and by CUDA's numbers, which are all that ND4J reports. Not {@code CUDA
     * error} alone: a build without code for the card or a wrong number of a GPU would be no better in a new process.
     */
    private static final Pattern FATAL = Pattern.compile(
            """
            an\\ illegal\\ memory\\ access|uncorrectable\\ (ECC|NVLink)|device-side\\ assert\\ triggered|the\\ launch\\ timed\\ out
            |unspecified\\ launch\\ failure|hardware\\ stack\\ error|an\\ illegal\\ instruction|misaligned\\ address
            |operation\\ not\\ supported\\ on\\ global/shared\\ address\\ space|invalid\\ program\\ counter
            |context\\ is\\ destroyed|CUDA\\ error:\\ unknown\\ error|(CUBLAS|CUDNN)_STATUS_EXECUTION_FAILED
            |error(\\ code)?\\W{1,3}(214|220|700|702|709|710|71[4-9]|999)\\b
            """,
            Pattern.CASE_INSENSITIVE | Pattern.COMMENTS);

    public DeviceLostException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Turns the failure of an operation into a loss of its GPU if it reports one; returns any other failure as it is.
     *
     * @param gpu as the message names it, such as {@code GPU 0}
     */
    public static RuntimeException explained(RuntimeException failure, String gpu) {
        return Stream.ofNullable(failure.getMessage())
                .flatMap(String::lines)
                .filter(line -> FATAL.matcher(line).find())
                .findFirst()
                .<RuntimeException>map(line -> new DeviceLostException(gpu + " is lost: " + line.strip(), failure))
                .orElse(failure);
    }
}
