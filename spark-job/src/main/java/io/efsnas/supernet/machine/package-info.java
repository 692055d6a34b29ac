/**
 * What a machine can do and where its time goes: instructions of the processor, ceilings, the time of each kernel.
 *
 * <p>Knows no engine and no supernet.
 */
package io.efsnas.supernet.machine;
