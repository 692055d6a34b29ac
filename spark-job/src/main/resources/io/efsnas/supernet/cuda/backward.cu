// Backward: the gradients of the loss, and the optimizer's step.

// ---- gradients of batch norms

// What a channel's gradient before a batch norm is made of.
struct NormGradient {
    float mean, inverse, gradientMean, slope;

    __device__ float of(float gradient, float z) const {
        return inverse * (gradient - gradientMean - (z - mean) * slope);
    }
};

// Those of all channels, made ready for a block: from [channel][chunk] sums of gradients and of their products with the
// normalised output.
template <class S, int THREADS>
__device__ inline void readyNorm(
        NormGradient* ready, const double* gradients, const double* products, const Statistics* statistics, int images) {
    constexpr int AT_A_TIME = THREADS / SUM_CHUNKS;
    double count = (double) images * S::PIXELS;
    __syncthreads();  // those before may still be read
#pragma unroll 4
    for (int first = 0; first < S::CHANNELS_; first += AT_A_TIME) {
        int channel = first + (int) threadIdx.x / SUM_CHUNKS;
        int at = first * SUM_CHUNKS + (int) threadIdx.x;
        bool inside = channel < S::CHANNELS_;
        double gradient = inside ? gradients[at] : 0, product = inside ? products[at] : 0;
#pragma unroll
        for (int lanes = SUM_CHUNKS / 2; lanes > 0; lanes /= 2) {
            gradient += __shfl_xor_sync(ALL_LANES, gradient, lanes);
            product += __shfl_xor_sync(ALL_LANES, product, lanes);
        }
        if (inside && threadIdx.x % SUM_CHUNKS == 0) {
            Statistics of = statistics[channel];
            NormGradient result;
            result.mean = of.mean;
            result.inverse = of.inverse;
            result.gradientMean = (float) (gradient / count);
            result.slope = (float) (product / count) * of.inverse;
            ready[channel] = result;
        }
    }
    __syncthreads();
}

// Sums, of one channel over a chunk of images, of a node's gradient and of it by each normalised output that the node is
// a sum of; those that are none have no maps.
template <class S>
__device__ inline void writeSums(
        int images, const float* gradient, const float* const (&z)[3], const Statistics (&statistics)[3], double* sums) {
    int channel = (int) blockIdx.x, chunk = (int) blockIdx.y;
    int first = chunk * S::SUM_CHUNK;
    int count = least(S::SUM_CHUNK, images - first) * S::PIXELS / S::AT_ONCE;
    float total = 0, products[3] = {0, 0, 0};
#pragma unroll 4
    for (int i = (int) threadIdx.x; i < count; i += WIDE) {
        long long at = S::place(first, channel, i);
        typename S::Few values = S::Few::of(gradient + at);
#pragma unroll
        for (int few = 0; few < S::AT_ONCE; few++) {
            total += values.values[few];
        }
#pragma unroll
        for (int source = 0; source < 3; source++) {
            if (z[source] != nullptr) {
                typename S::Few x = S::Few::of(z[source] + at);
#pragma unroll
                for (int few = 0; few < S::AT_ONCE; few++) {
                    products[source] += values.values[few]
                            * normalised(x.values[few], statistics[source].mean, statistics[source].inverse);
                }
            }
        }
    }
    double own[4] = {total, products[0], products[1], products[2]};
    sumOverBlock<4>(own);
    if (threadIdx.x == 0) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            sums[(i * S::CHANNELS_ + channel) * SUM_CHUNKS + chunk] = own[i];
        }
    }
}

template <class S>
__device__ inline double* nodeSums(double* sums, int node, int subnet) {
    return sums + (long long) (subnet * 3 + node - 1) * 4 * S::CHANNELS_ * SUM_CHUNKS;
}

template <class S>
__device__ inline float* nodeGradient(float* gradients, int node, int subnet) {
    return gradients + (long long) (subnet * 3 + node - 1) * S::MAPS;
}

template <class S>
__device__ inline void cellSums(const Cell& a) {
    int target = (int) a.node, channel = (int) blockIdx.x, subnet = (int) blockIdx.z;
    if (subnet >= a.step->subnets) {
        return;
    }
    const float* z[3] = {nullptr, nullptr, nullptr};
    Statistics statistics[3] = {};
    bool any = false;
#pragma unroll
    for (int source = 0; source < 3; source++) {
        int edge = edgeBetween(source, target);
        if (source < target && isConvolution(operation(a.step, subnet, edge))) {
            any = true;
            z[source] = edgeMaps<S>(a.maps, edge, subnet);
            statistics[source] = a.statistics[((long long) subnet * EDGES + edge) * S::CHANNELS_ + channel];
        }
    }
    if (any) {
        writeSums<S>(
                a.step->images, nodeGradient<S>(a.gradients, target, subnet), z, statistics,
                nodeSums<S>(a.sums, target, subnet));
    }
}

template <class S, int THREADS>
__device__ inline void readyEdge(NormGradient* ready, const Cell& a, int edge, int source, int target, int subnet) {
    constexpr int SUMS = S::CHANNELS_ * SUM_CHUNKS;
    const double* sums = nodeSums<S>(a.sums, target, subnet);
    readyNorm<S, THREADS>(
            ready, sums, sums + (1 + source) * SUMS, a.statistics + ((long long) subnet * EDGES + edge) * S::CHANNELS_,
            a.step->images);
}

// Adds the gradients of a block's pixels as parts of the means around them.
template <class S, class T>
__device__ inline void addUnpooled(
        float (&sums)[T::DEEP][T::HIGH], const Place<T>& place, float* shared, const float* gradient) {
    constexpr int ROWS = T::ROWS + 2, COLUMNS = T::COLUMNS + 2;
    __syncthreads();  // what is shared may still be read
#pragma unroll 4
    for (int i = (int) threadIdx.x; i < T::POOL; i += T::THREADS) {
        int output = place.firstOutput + i / (ROWS * COLUMNS);
        int row = place.firstRow - 1 + i / COLUMNS % ROWS;
        int column = i % COLUMNS - 1;
        bool inside = output < T::OUTPUTS && row >= 0 && row < S::ROWS && column >= 0 && column < S::COLUMNS;
        shared[i] = inside ? gradient[(output * S::ROWS + row) * S::COLUMNS + column] / pixelsAround<S>(row, column) : 0.0f;
    }
    __syncthreads();
    if (place.busy) {
        const float* own =
                shared + (place.group * T::HIGH * ROWS + place.depth * T::DEEP) * COLUMNS + place.column;
#pragma unroll
        for (int high = 0; high < T::HIGH; high++) {
            float lines[T::DEEP + 2];
#pragma unroll
            for (int i = 0; i < T::DEEP + 2; i++) {
                const float* line = own + (high * ROWS + i) * COLUMNS;
                lines[i] = line[0] + line[1] + line[2];
            }
#pragma unroll
            for (int deep = 0; deep < T::DEEP; deep++) {
                sums[deep][high] += lines[deep] + lines[deep + 1] + lines[deep + 2];
            }
        }
    }
}

// Keeps the gradients of those of a block's outputs that were not cut off by a ReLU.
template <class T>
__device__ inline void keepPositive(float (&sums)[T::DEEP][T::HIGH], const Place<T>& place, const float* outputs) {
#pragma unroll
    for (int deep = 0; deep < T::DEEP; deep++) {
#pragma unroll
        for (int high = 0; high < T::HIGH; high++) {
            if (place.computes(deep, high) && !(outputs[place.at(deep, high)] > 0)) {
                sums[deep][high] = 0;
            }
        }
    }
}

// The gradient of a node, gathered from the edges that leave it.
template <class S>
__device__ inline void cellGradient(const Cell& a) {
    using T = typename S::Same;
    constexpr int C = T::INPUTS;
    __shared__ __align__(16) float shared[most(T::SHARED, T::POOL)];
    __shared__ NormGradient ready[C];
    int source = (int) a.node, subnet = (int) blockIdx.z;
    Place<T> place;
    if (subnet >= a.step->subnets || place.image >= a.step->images) {
        return;
    }
    long long image = (long long) place.image * S::IMAGE;
    float sums[T::DEEP][T::HIGH];
    clear<T>(sums);
    bool live = false, convolved = false;
    for (int target = source + 1; target <= 3; target++) {
        int edge = edgeBetween(source, target);
        int what = operation(a.step, subnet, edge);
        live = live || what != NONE;
        if (!isConvolution(what)) {
            continue;
        }
        convolved = true;
        readyEdge<S, T::THREADS>(ready, a, edge, source, target, subnet);
        const float* gradient = nodeGradient<S>(a.gradients, target, subnet) + image;
        const float* z = edgeMaps<S>(a.maps, edge, subnet) + image;
        const float* w = edgeWeights<S>(a.weights, edge, what);
        auto ofOutput = [&](int channel, int row, int column) {
            int at = (channel * S::ROWS + row) * S::COLUMNS + column;
            return ready[channel].of(gradient[at], z[at]);
        };
        if (what == CONVOLUTION_3X3) {
            convolve<T, 3, Adjacent::INPUTS>(
                    sums, place, shared, ofOutput, [&](int out, int tap, int in) { return w[(in * 9 + 8 - tap) * C + out]; });
        } else {
            convolve<T, 1, Adjacent::INPUTS>(
                    sums, place, shared, ofOutput, [&](int out, int tap, int in) { return w[in * C + out]; });
        }
    }
    if (!live) {
        return;
    }
    if (convolved) {
        keepPositive<T>(sums, place, sourceMaps<S>(a.input, a.inputStride, a.maps, source, subnet) + image);
    }
    for (int target = source + 1; target <= 3; target++) {
        int what = operation(a.step, subnet, edgeBetween(source, target));
        const float* gradient = nodeGradient<S>(a.gradients, target, subnet) + image;
        if (what == SKIP) {
#pragma unroll
            for (int deep = 0; deep < T::DEEP; deep++) {
#pragma unroll
                for (int high = 0; high < T::HIGH; high++) {
                    sums[deep][high] += place.computes(deep, high) ? gradient[place.at(deep, high)] : 0.0f;
                }
            }
        } else if (what == POOL) {
            addUnpooled<S, T>(sums, place, shared, gradient);
        }
    }
    float* to = source == 0 ? a.inputGradient + subnet * a.inputGradientStride : nodeGradient<S>(a.gradients, source, subnet);
    write<T>(sums, place, to + image);
}

// ---- gradients of weights: a block goes through a chunk of images for some inputs and outputs

// Sums, over a chunk of images, input(image, channel, row + tap, column + tap) by gradient(image, output, row, column).
// The input is asked for inside the image alone. Writes [input][tap][output].
template <class P, int KERNEL_SIDE, class Input, class Gradient>
__device__ inline void weightGradient(int images, float* shared, Input input, Gradient gradient, float* to) {
    constexpr int K = KERNEL_SIDE, TAPS = K * K, PAD = K / 2;
    constexpr int PITCH = P::COLUMNS + 2, PLANE = P::plane(P::TILE_ROWS);
    float* tile = shared;
    float* gradients = shared + P::BLOCK_INPUTS * PLANE;
    int thread = (int) threadIdx.x;
    bool busy = thread < P::BUSY;
    int helper = thread / P::PAIRS;
    int ownInput = thread % P::BLOCK_INPUTS;
    int ownGroup = thread / P::BLOCK_INPUTS % P::BLOCK_GROUPS;
    int firstInput = (int) blockIdx.y % P::INPUT_BLOCKS * P::BLOCK_INPUTS;
    int firstOutput = (int) blockIdx.y / P::INPUT_BLOCKS * P::BLOCK_OUTPUTS;
    int inputs = least(P::BLOCK_INPUTS, P::INPUTS - firstInput);
    int outputs = least(P::BLOCK_OUTPUTS, P::OUTPUTS - firstOutput);
    float sums[P::HIGH][TAPS];
#pragma unroll
    for (int high = 0; high < P::HIGH; high++) {
#pragma unroll
        for (int tap = 0; tap < TAPS; tap++) {
            sums[high][tap] = 0;
        }
    }
    int first = (int) blockIdx.x / P::BANDS * P::CHUNK;
    int begin = (int) blockIdx.x % P::BANDS * P::BAND, end = least(begin + P::BAND, P::ROWS);
    for (int image = first; image < least(first + P::CHUNK, images); image++) {
        for (int top = begin; top < end; top += P::TILE_ROWS) {
            int rows = least(P::TILE_ROWS, end - top);
            __syncthreads();
#pragma unroll 4
            for (int i = thread; i < inputs * (rows + 2) * PITCH; i += P::THREADS) {
                int channel = i / ((rows + 2) * PITCH), within = i % ((rows + 2) * PITCH);
                int row = top - 1 + within / PITCH, column = within % PITCH - 1;
                bool inside = row >= 0 && row < P::ROWS && column >= 0 && column < P::COLUMNS;
                tile[channel * PLANE + within] = inside ? input(image, firstInput + channel, row, column) : 0.0f;
            }
#pragma unroll 4
            for (int i = thread; i < P::BLOCK_OUTPUTS * rows * P::COLUMNS; i += P::THREADS) {
                int output = i / (rows * P::COLUMNS), within = i % (rows * P::COLUMNS);
                gradients[output * P::TILE_ROWS * P::COLUMNS + within] = output < outputs
                        ? gradient(image, firstOutput + output, top + within / P::COLUMNS, within % P::COLUMNS)
                        : 0.0f;
            }
            __syncthreads();
            if (!busy || ownInput >= inputs) {
                continue;
            }
            for (int unit = helper; unit < rows * P::STRETCHES; unit += P::HELPERS) {
                int row = unit / P::STRETCHES, left = unit % P::STRETCHES * P::STRETCH;
                const float* x = tile + ownInput * PLANE + (row + 1 - PAD) * PITCH + left + 1 - PAD;
                const float* d = gradients + (ownGroup * P::HIGH * P::TILE_ROWS + row) * P::COLUMNS + left;
                float window[K][K];
#pragma unroll
                for (int down = 0; down < K; down++) {
#pragma unroll
                    for (int across = 0; across + 1 < K; across++) {
                        window[down][across + 1] = x[down * PITCH + across];
                    }
                }
#pragma unroll
                for (int column = 0; column < P::STRETCH; column++) {
                    if (P::COLUMNS % P::STRETCH != 0 && left + column >= P::COLUMNS) {
                        break;
                    }
#pragma unroll
                    for (int down = 0; down < K; down++) {
#pragma unroll
                        for (int across = 0; across + 1 < K; across++) {
                            window[down][across] = window[down][across + 1];
                        }
                        window[down][K - 1] = x[down * PITCH + column + K - 1];
                    }
#pragma unroll
                    for (int high = 0; high < P::HIGH; high++) {
                        float by = d[high * P::TILE_ROWS * P::COLUMNS + column];
#pragma unroll
                        for (int tap = 0; tap < TAPS; tap++) {
                            sums[high][tap] += window[tap / K][tap % K] * by;
                        }
                    }
                }
            }
        }
    }
    for (int half = P::HELPERS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (busy && helper >= half && helper < 2 * half) {
#pragma unroll
            for (int i = 0; i < P::HIGH * TAPS; i++) {
                shared[(i * half + helper - half) * P::PAIRS + thread % P::PAIRS] = sums[i / TAPS][i % TAPS];
            }
        }
        __syncthreads();
        if (busy && helper < half) {
#pragma unroll
            for (int i = 0; i < P::HIGH * TAPS; i++) {
                sums[i / TAPS][i % TAPS] += shared[(i * half + helper) * P::PAIRS + thread % P::PAIRS];
            }
        }
    }
    if (thread < P::PAIRS && ownInput < inputs) {
        float* chunk = to + (long long) blockIdx.x * P::INPUTS * TAPS * P::OUTPUTS;
#pragma unroll
        for (int high = 0; high < P::HIGH; high++) {
            int output = ownGroup * P::HIGH + high;
            if (output < outputs) {
#pragma unroll
                for (int tap = 0; tap < TAPS; tap++) {
                    chunk[((firstInput + ownInput) * TAPS + tap) * P::OUTPUTS + firstOutput + output] = sums[high][tap];
                }
            }
        }
    }
}

// The gradients of the weights on the edges that lead to a node.
template <class S>
__device__ inline void cellWeights(const Cell& a) {
    constexpr int C = S::CHANNELS_;
    using P = Pairs<C, C, S::ROWS, S::COLUMNS>;
    __shared__ float shared[P::SHARED];
    __shared__ NormGradient ready[C];
    int target = (int) a.node;
    int source = (int) blockIdx.z % target, subnet = (int) blockIdx.z / target;
    int edge = edgeBetween(source, target);
    if (subnet >= a.step->subnets || (int) blockIdx.x / P::BANDS * P::CHUNK >= a.step->images) {
        return;
    }
    int what = operation(a.step, subnet, edge);
    if (!isConvolution(what)) {
        return;
    }
    readyEdge<S, P::THREADS>(ready, a, edge, source, target, subnet);
    const float* x = sourceMaps<S>(a.input, a.inputStride, a.maps, source, subnet);
    const float* z = edgeMaps<S>(a.maps, edge, subnet);
    const float* upper = nodeGradient<S>(a.gradients, target, subnet);
    auto input = [&](int image, int channel, int row, int column) {
        float value = x[(long long) image * S::IMAGE + (channel * S::ROWS + row) * S::COLUMNS + column];
        return value > 0 ? value : 0.0f;
    };
    auto gradient = [&](int image, int channel, int row, int column) {
        long long at = (long long) image * S::IMAGE + (channel * S::ROWS + row) * S::COLUMNS + column;
        return ready[channel].of(upper[at], z[at]);
    };
    float* to = a.weightParts + ((long long) subnet * EDGES + edge) * P::CHUNKS * 9 * C * C;
    if (what == CONVOLUTION_3X3) {
        weightGradient<P, 3>(a.step->images, shared, input, gradient, to);
    } else {
        weightGradient<P, 1>(a.step->images, shared, input, gradient, to);
    }
}

// ---- what every architecture has: the stem, the reductions, the head

template <class S>
__device__ inline void normSums(const Norm& a) {
    int channel = (int) blockIdx.x, subnet = (int) blockIdx.z;
    if (subnet >= a.step->subnets) {
        return;
    }
    const float* z[3] = {a.z + subnet * a.stride, nullptr, nullptr};
    Statistics statistics[3] = {a.statistics[subnet * a.statisticsStride + channel], {}, {}};
    writeSums<S>(
            a.step->images, a.gradient + subnet * a.gradientStride, z, statistics,
            a.sums + (long long) subnet * NORM_SUMS * S::CHANNELS_ * SUM_CHUNKS);
}

// The same of a norm that every architecture has.
template <class S, int THREADS>
__device__ inline void readyNorm(
        NormGradient* ready, const Step* step, const double* allSums, const Statistics* statistics, int subnet) {
    constexpr int SUMS = S::CHANNELS_ * SUM_CHUNKS;
    const double* sums = allSums + (long long) subnet * NORM_SUMS * SUMS;
    readyNorm<S, THREADS>(ready, sums, sums + SUMS, statistics, step->images);
}

#if UNIT == 0
KERNEL(stemWeights, StemPairs::THREADS, Stem) {
    using S = Stage<1>;
    __shared__ float shared[StemPairs::SHARED];
    __shared__ NormGradient ready[CHANNELS];
    int subnet = (int) blockIdx.z;
    if (subnet >= a.step->subnets || (int) blockIdx.x / StemPairs::BANDS * StemPairs::CHUNK >= a.step->images) {
        return;
    }
    readyNorm<S, StemPairs::THREADS>(ready, a.step, a.sums, a.statistics, subnet);
    const float* upper = a.gradient + subnet * a.gradientStride;
    weightGradient<StemPairs, 3>(
            a.step->images, shared,
            [&](int image, int channel, int row, int column) {
                return a.images[(((long long) image * IMAGE_CHANNELS + channel) * HEIGHT + row) * WIDTH + column];
            },
            [&](int image, int channel, int row, int column) {
                long long at = (long long) image * S::IMAGE + (channel * HEIGHT + row) * WIDTH + column;
                return ready[channel].of(upper[at], a.z[at]);
            },
            a.weightParts + (long long) subnet * StemPairs::CHUNKS * IMAGE_CHANNELS * 9 * CHANNELS);
}
#endif

// The gradient of a, from that of the output.
template <class R>
__device__ inline void reductionInnerGradient(const Reduction& a) {
    using T = typename R::TilesToA;
    using Out = typename R::Out;
    constexpr int C = 2 * R::C;
    __shared__ __align__(16) float shared[T::SHARED];
    __shared__ NormGradient ready[C];
    int subnet = (int) blockIdx.z;
    Place<T> place;
    if (subnet >= a.step->subnets || place.image >= a.step->images) {
        return;
    }
    readyNorm<Out, T::THREADS>(ready, a.step, a.sums, a.statistics + (long long) (2 * subnet + 1) * C, subnet);
    long long image = (long long) place.image * Out::IMAGE;
    const float* upper = a.gradient + subnet * Out::MAPS + image;
    const float* z = R::maps(a.maps, 2, subnet) + image;
    const float* w = a.weights + R::WEIGHTS_A;
    float sums[T::DEEP][T::HIGH];
    clear<T>(sums);
    convolve<T, 3, Adjacent::INPUTS>(
            sums, place, shared,
            [&](int channel, int row, int column) {
                int at = (channel * Out::ROWS + row) * Out::COLUMNS + column;
                return ready[channel].of(upper[at], z[at]);
            },
            [&](int out, int tap, int in) { return w[(in * 9 + 8 - tap) * C + out]; });
    keepPositive<T>(sums, place, R::maps(a.maps, 1, subnet) + image);
    write<T>(sums, place, a.innerGradient + subnet * Out::MAPS + image);
}

// The gradient of the input, from those of a and of the output.
template <class R>
__device__ inline void reductionGradient(const Reduction& a) {
    using T = typename R::TilesToInput;
    using In = typename R::In;
    using Out = typename R::Out;
    constexpr int C = R::C;
    __shared__ __align__(16) float shared[T::SHARED];
    __shared__ NormGradient ready[2 * C];
    int subnet = (int) blockIdx.z;
    Place<T> place;
    if (subnet >= a.step->subnets || place.image >= a.step->images) {
        return;
    }
    readyNorm<Out, T::THREADS>(ready, a.step, a.innerSums, a.statistics + (long long) subnet * 4 * C, subnet);
    long long image = (long long) place.image * Out::IMAGE;
    const float* inner = a.innerGradient + subnet * Out::MAPS + image;
    const float* z = R::maps(a.maps, 0, subnet) + image;
    const float* upper = a.gradient + subnet * Out::MAPS + image;
    const float* ofShortcut = a.weights + R::WEIGHTS_A + R::WEIGHTS_B;
    float sums[T::DEEP][T::HIGH];
    clear<T>(sums);
    // A stride of 2 is one of 1 over an output with zeros between its pixels.
    convolve<T, 3, Adjacent::INPUTS>(
            sums, place, shared,
            [&](int channel, int row, int column) {
                int at = (channel * Out::ROWS + row / 2) * Out::COLUMNS + column / 2;
                return row % 2 == 0 && column % 2 == 0 ? ready[channel].of(inner[at], z[at]) : 0.0f;
            },
            [&](int out, int tap, int in) { return a.weights[(in * 9 + 8 - tap) * 2 * C + out]; });
    keepPositive<T>(sums, place, a.input + subnet * a.inputStride + (long long) place.image * In::IMAGE);
    convolve<T, 1, Adjacent::INPUTS>(
            sums, place, shared,
            [&](int channel, int row, int column) {
                return 0.25f * upper[(channel * Out::ROWS + row / 2) * Out::COLUMNS + column / 2];
            },
            [&](int out, int tap, int in) { return ofShortcut[in * 2 * C + out]; });
    write<T>(sums, place, a.inputGradient + subnet * a.inputGradientStride + (long long) place.image * In::IMAGE);
}

template <class R>
__device__ inline void reductionWeightsA(const Reduction& a) {
    using P = typename R::PairsA;
    using In = typename R::In;
    using Out = typename R::Out;
    constexpr int C = R::C;
    __shared__ float shared[P::SHARED];
    __shared__ NormGradient ready[2 * C];
    int subnet = (int) blockIdx.z;
    if (subnet >= a.step->subnets || (int) blockIdx.x / P::BANDS * P::CHUNK >= a.step->images) {
        return;
    }
    readyNorm<Out, P::THREADS>(ready, a.step, a.innerSums, a.statistics + (long long) subnet * 4 * C, subnet);
    const float* x = a.input + subnet * a.inputStride;
    const float* inner = a.innerGradient + subnet * Out::MAPS;
    const float* z = R::maps(a.maps, 0, subnet);
    weightGradient<P, 3>(
            a.step->images, shared,
            [&](int image, int channel, int row, int column) {
                float value = x[(long long) image * In::IMAGE + (channel * In::ROWS + row) * In::COLUMNS + column];
                return value > 0 ? value : 0.0f;
            },
            [&](int image, int channel, int row, int column) {
                long long at = (long long) image * Out::IMAGE + (channel * Out::ROWS + row / 2) * Out::COLUMNS + column / 2;
                return row % 2 == 0 && column % 2 == 0 ? ready[channel].of(inner[at], z[at]) : 0.0f;
            },
            a.weightPartsA + (long long) subnet * P::CHUNKS * R::WEIGHTS_A);
}

template <class R>
__device__ inline void reductionWeightsB(const Reduction& a) {
    using P = typename R::PairsB;
    using Out = typename R::Out;
    constexpr int C = 2 * R::C;
    __shared__ float shared[P::SHARED];
    __shared__ NormGradient ready[C];
    int subnet = (int) blockIdx.z;
    if (subnet >= a.step->subnets || (int) blockIdx.x / P::BANDS * P::CHUNK >= a.step->images) {
        return;
    }
    readyNorm<Out, P::THREADS>(ready, a.step, a.sums, a.statistics + (long long) (2 * subnet + 1) * C, subnet);
    const float* x = R::maps(a.maps, 1, subnet);
    const float* upper = a.gradient + subnet * Out::MAPS;
    const float* z = R::maps(a.maps, 2, subnet);
    weightGradient<P, 3>(
            a.step->images, shared,
            [&](int image, int channel, int row, int column) {
                float value = x[(long long) image * Out::IMAGE + (channel * Out::ROWS + row) * Out::COLUMNS + column];
                return value > 0 ? value : 0.0f;
            },
            [&](int image, int channel, int row, int column) {
                long long at = (long long) image * Out::IMAGE + (channel * Out::ROWS + row) * Out::COLUMNS + column;
                return ready[channel].of(upper[at], z[at]);
            },
            a.weightPartsB + (long long) subnet * P::CHUNKS * R::WEIGHTS_B);
}

template <class R>
__device__ inline void reductionWeightsShortcut(const Reduction& a) {
    using P = typename R::PairsShortcut;
    using In = typename R::In;
    using Out = typename R::Out;
    __shared__ float shared[P::SHARED];
    int subnet = (int) blockIdx.z;
    if (subnet >= a.step->subnets || (int) blockIdx.x / P::BANDS * P::CHUNK >= a.step->images) {
        return;
    }
    const float* x = a.input + subnet * a.inputStride;
    const float* upper = a.gradient + subnet * Out::MAPS;
    weightGradient<P, 1>(
            a.step->images, shared,
            [&](int image, int channel, int row, int column) {
                return R::halved(x + (long long) image * In::IMAGE + channel * In::PIXELS, row, column);
            },
            [&](int image, int channel, int row, int column) {
                return upper[(long long) image * Out::IMAGE + (channel * Out::ROWS + row) * Out::COLUMNS + column];
            },
            a.weightPartsShortcut + (long long) subnet * P::CHUNKS * R::WEIGHTS_SHORTCUT);
}

// The gradients of the classifier's weights of one channel, and with the first one those of its biases.
__device__ inline void headWeights(const Head& a, int channel, int subnet, int images) {
    constexpr int C = Stage<3>::CHANNELS_;
    constexpr int COLUMNS = least(CLASSES, WIDE), GROUPS = WIDE / COLUMNS;
    __shared__ float weights[WIDE], biases[WIDE];
    int thread = (int) threadIdx.x, group = thread / COLUMNS;
    float* parts = a.weightParts + (long long) subnet * CLASSES * (C + 1);
    for (int from = 0; from < CLASSES; from += COLUMNS) {
        int k = from + thread % COLUMNS;
        float weight = 0, bias = 0;
        if (group < GROUPS && k < CLASSES) {
#pragma unroll 4
            for (int image = group; image < images; image += GROUPS) {
                long long row = (long long) subnet * BATCH + image;
                float gradient = a.logitGradients[row * CLASSES + k];
                weight += gradient * a.features[row * C + channel];
                bias += gradient;
            }
        }
        __syncthreads();
        weights[thread] = weight;
        biases[thread] = bias;
        __syncthreads();
        if (group == 0 && k < CLASSES) {
            for (int other = 1; other < GROUPS; other++) {
                weight += weights[other * COLUMNS + thread];
                bias += biases[other * COLUMNS + thread];
            }
            parts[k * C + channel] = weight;
            if (channel == 0) {
                parts[CLASSES * C + k] = bias;
            }
        }
    }
}

#if UNIT == 0
KERNEL(headGradient, WIDE, Head) {
    using S = Stage<3>;
    constexpr int C = S::CHANNELS_;
    int channel = (int) blockIdx.x, subnet = (int) blockIdx.y, images = a.step->images, thread = (int) threadIdx.x;
    if (subnet >= a.step->subnets) {
        return;
    }
    long long first = (long long) subnet * BATCH;
    headWeights(a, channel, subnet, images);
    const float* x = a.input + subnet * a.inputStride;
    float* to = a.inputGradient + subnet * a.inputGradientStride;
    Statistics statistics = a.statistics[subnet * C + channel];
    double sums[2] = {0, 0};
    int count = images * S::PIXELS / S::AT_ONCE;
#pragma unroll 4
    for (int i = thread; i < count; i += WIDE) {
        typename S::Few values = S::Few::of(x + S::place(0, channel, i));
        float gradient = a.featureGradients[(first + i * S::AT_ONCE / S::PIXELS) * C + channel] / (float) S::PIXELS;
#pragma unroll
        for (int few = 0; few < S::AT_ONCE; few++) {
            float value = normalised(values.values[few], statistics.mean, statistics.inverse);
            sums[0] += value > 0 ? gradient : 0.0f;
            sums[1] += value > 0 ? gradient * value : 0.0f;
        }
    }
    sumOverBlock<2>(sums);
    double elements = (double) images * S::PIXELS;
    float mean = (float) (sums[0] / elements), slope = (float) (sums[1] / elements);
#pragma unroll 4
    for (int i = thread; i < count; i += WIDE) {
        long long at = S::place(0, channel, i);
        typename S::Few values = S::Few::of(x + at);
        float gradient = a.featureGradients[(first + i * S::AT_ONCE / S::PIXELS) * C + channel] / (float) S::PIXELS;
#pragma unroll
        for (int few = 0; few < S::AT_ONCE; few++) {
            float value = normalised(values.values[few], statistics.mean, statistics.inverse);
            values.values[few] = statistics.inverse * ((value > 0 ? gradient : 0.0f) - mean - value * slope);
        }
        values.write(to + at);
    }
}
#endif

// ---- the optimizer

// A weight, and where the parts of its gradient are: for each subnet [chunk][value].
struct Segment {
    long long offset, size;
    long long edge;  // whose choice decides whether the weight is used; -1 for a weight that always is
    long long operation;
    const float* parts;
    long long stride;  // from one subnet's to the next
    long long chunkImages;  // images of a chunk, 0 if there is one chunk for all
    long long bands;  // that a chunk is cut into
};

struct Update {
    const Step* step;
    const Segment* segments;
    const long long* blocks;  // for each block its segment and where in it the block begins
    float* weights;
    float* gradients;
    float* momenta;
    double* squares;  // of each block's gradients
    float* clipping;  // what gradients are multiplied by
    long long blockCount;
    double momentum, weightDecay, clip;
};

__device__ inline bool uses(const Step* step, const Segment& segment, int subnet) {
    return segment.edge < 0 || operation(step, subnet, (int) segment.edge) == segment.operation;
}

__device__ inline bool used(const Step* step, const Segment& segment) {
    for (int subnet = 0; subnet < step->subnets; subnet++) {
        if (uses(step, segment, subnet)) {
            return true;
        }
    }
    return false;
}

#if UNIT == 0
KERNEL(gradients, WIDE, Update) {
    const Segment& segment = a.segments[a.blocks[2 * blockIdx.x]];
    long long at = a.blocks[2 * blockIdx.x + 1] + threadIdx.x;
    if (!used(a.step, segment)) {
        if (threadIdx.x == 0) {
            a.squares[blockIdx.x] = 0;
        }
        return;
    }
    int chunks = segment.chunkImages == 0
            ? 1
            : divideUp(a.step->images, (int) segment.chunkImages) * (int) segment.bands;
    float sum = 0;
    if (at < segment.size) {
        for (int subnet = 0; subnet < a.step->subnets; subnet++) {
            if (uses(a.step, segment, subnet)) {
                const float* parts = segment.parts + subnet * segment.stride + at;
#pragma unroll 8
                for (int chunk = 0; chunk < chunks; chunk++) {
                    sum += parts[chunk * segment.size];
                }
            }
        }
        a.gradients[segment.offset + at] = sum;
    }
    if (a.clip > 0) {
        double squares[1] = {(double) sum * sum};
        sumOverBlock<1>(squares);
        if (threadIdx.x == 0) {
            a.squares[blockIdx.x] = squares[0];
        }
    }
}

KERNEL(clipping, WIDE, Update) {
    double squares[1] = {0};
    for (long long i = threadIdx.x; i < a.blockCount; i += WIDE) {
        squares[0] += a.squares[i];
    }
    sumOverBlock<1>(squares);
    double norm = sqrt(squares[0]);
    if (threadIdx.x == 0) {
        *a.clipping = norm > a.clip ? (float) (a.clip / norm) : 1.0f;
    }
}

KERNEL(update, WIDE, Update) {
    const Segment& segment = a.segments[a.blocks[2 * blockIdx.x]];
    long long within = a.blocks[2 * blockIdx.x + 1] + threadIdx.x;
    if (within >= segment.size || !used(a.step, segment)) {
        return;
    }
    long long at = segment.offset + within;
    float momentum = (float) a.momentum;
    float weight = a.weights[at];
    float gradient = a.gradients[at] * (a.clip > 0 ? *a.clipping : 1.0f) + (float) a.weightDecay * weight;
    float moved = momentum * a.momenta[at] + gradient;
    a.momenta[at] = moved;
    a.weights[at] = weight - a.step->rate * (gradient + momentum * moved);
}
#endif

// ---- the kernels of each stage

template <int N>
using CellPairs = Pairs<Stage<N>::CHANNELS_, Stage<N>::CHANNELS_, Stage<N>::ROWS, Stage<N>::COLUMNS>;

#define STAGE_GRADIENT_KERNELS(N)                                                              \
    KERNEL(cellSums##N, WIDE, Cell) { cellSums<Stage<N>>(a); }                                 \
    KERNEL(cellGradient##N, Stage<N>::Same::THREADS, Cell) { cellGradient<Stage<N>>(a); }      \
    KERNEL(cellWeights##N, CellPairs<N>::THREADS, Cell) { cellWeights<Stage<N>>(a); }

#define REDUCTION_GRADIENT_KERNELS(N)                                                                                \
    KERNEL(reductionSums##N, WIDE, Norm) { normSums<Reduced<N>::Out>(a); }                                           \
    KERNEL(reductionInnerGradient##N, Reduced<N>::TilesToA::THREADS, Reduction) {                                    \
        reductionInnerGradient<Reduced<N>>(a);                                                                       \
    }                                                                                                                \
    KERNEL(reductionGradient##N, Reduced<N>::TilesToInput::THREADS, Reduction) { reductionGradient<Reduced<N>>(a); } \
    KERNEL(reductionWeightsA##N, Reduced<N>::PairsA::THREADS, Reduction) { reductionWeightsA<Reduced<N>>(a); }       \
    KERNEL(reductionWeightsB##N, Reduced<N>::PairsB::THREADS, Reduction) { reductionWeightsB<Reduced<N>>(a); }       \
    KERNEL(reductionWeightsShortcut##N, Reduced<N>::PairsShortcut::THREADS, Reduction) {                             \
        reductionWeightsShortcut<Reduced<N>>(a);                                                                     \
    }

#if UNIT == 0
KERNEL(stemSums, WIDE, Norm) { normSums<Stage<1>>(a); }
#elif UNIT == 1
STAGE_GRADIENT_KERNELS(1)
REDUCTION_GRADIENT_KERNELS(1)
#elif UNIT == 2
STAGE_GRADIENT_KERNELS(2)
REDUCTION_GRADIENT_KERNELS(2)
#elif UNIT == 3
STAGE_GRADIENT_KERNELS(3)
#endif
