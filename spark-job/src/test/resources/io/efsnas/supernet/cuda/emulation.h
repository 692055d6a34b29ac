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

// All threads of a block have to call it. Two sets of values take turns, so that one barrier is enough.
template <class T>
inline T __shfl_xor_sync(unsigned, T value, int lanes) {
    static T values[2][1024];
    static unsigned char turns[1024];
    T* now = values[turns[threadIdx.x]++ & 1];
    now[threadIdx.x] = value;
    emulatedBarrier();
    return now[threadIdx.x ^ (unsigned) lanes];
}

#define KERNEL(name, threads, Arguments)                                           \
    static void name##Body(const Arguments& a);                                    \
    extern "C" __attribute__((visibility("default"))) void name(void** arguments) { \
        name##Body(*(const Arguments*) arguments[0]);                              \
    }                                                                              \
    static void name##Body(const Arguments& a)
