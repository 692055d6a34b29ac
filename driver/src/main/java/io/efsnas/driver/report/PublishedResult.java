package io.efsnas.driver.report;

import java.util.List;

/**
 * What was published of a method on NAS-Bench-201's CIFAR-10: its protocol, seeds and budget are its own.
 *
 * @param accuracy on the test images, in percent
 * @param deviation over seeds; 0 if none is known
 * @param seconds that the search took on one GPU; 0 if that is not known
 * @param from where the number is known from
 */
record PublishedResult(String method, double accuracy, double deviation, int seconds, String from) {

    private static final String CITED = "as other papers cite it";

    /** In the order of their accuracies. Numbers that no source at hand has are left out. */
    static final List<PublishedResult> OF_NAS_BENCH_201 = List.of(
            new PublishedResult("optimum", 94.37, 0, 0, "the table of the benchmark"),
            new PublishedResult("TE-NAS", 93.90, 0, 0, CITED),
            new PublishedResult("GDAS", 93.51, 0.13, 28_926, CITED),
            new PublishedResult("NASWOT", 92.81, 0, 0, CITED),
            new PublishedResult("RSPS", 87.66, 1.69, 7_587, CITED),
            new PublishedResult(
                    "ENAS", 54.30, 0, 13_315, CITED + "; exactly the benchmark's cell of six skip connections"),
            new PublishedResult(
                    "DARTS", 54.30, 0, 10_890, CITED + "; exactly the benchmark's cell of six skip connections"));
}
