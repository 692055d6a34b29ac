// What CUDA brings to the kernels, for a host compiler: blocks run one after the other, their threads in turn.
#pragma once

#include <cmath>
#include <cstddef>

#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __align__(bytes) __attribute__((aligned(bytes)))

struct float2 {
    float x, y;
};
struct alignas(16) float4 {
    float x, y, z, w;
};
struct alignas(16) double2 {
    double x, y;
};
struct Index {
    unsigned x, y, z;
};

extern "C" Index emulatedThread, emulatedBlock;
extern "C" void emulatedBarrier();

#define threadIdx emulatedThread
#define blockIdx emulatedBlock
#define __syncthreads() emulatedBarrier()

// All threads of a block have to call it.
template <class T>
inline T __shfl_xor_sync(unsigned, T value, int lanes) {
    static T values[1024];
    values[threadIdx.x] = value;
    emulatedBarrier();
    T other = values[threadIdx.x ^ (unsigned) lanes];
    emulatedBarrier();
    return other;
}

#define KERNEL(name, threads, Arguments)                                           \
    static void name##Body(const Arguments& a);                                    \
    extern "C" __attribute__((visibility("default"))) void name(void** arguments) { \
        name##Body(*(const Arguments*) arguments[0]);                              \
    }                                                                              \
    static void name##Body(const Arguments& a)
