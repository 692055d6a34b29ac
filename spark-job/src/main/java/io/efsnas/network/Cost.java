package io.efsnas.network;

import java.io.Serializable;

/**
 * What a network costs for one image.
 *
 * @param flops multiply-adds of convolutions and linear layers, which is what the field (and NAS-Bench-201) calls FLOPs
 * @param parameters learned values, those of affine batch norms included
 */
public record Cost(long flops, long parameters) implements Serializable {

    public static final Cost ZERO = new Cost(0, 0);

    public Cost plus(Cost other) {
        return new Cost(flops + other.flops, parameters + other.parameters);
    }

    public Cost times(int count) {
        return new Cost(flops * count, parameters * count);
    }
}
