// Forward: how a batch of images becomes a loss.

// ---- cells

// Feature maps of a cell: for each subnet those that its convolutions write, by edge, then those of nodes 1 to 3.
constexpr int EDGES = 6, CELL_MAPS = 9;

template <class S>
__device__ inline float* edgeMaps(float* cell, int edge, int subnet) {
    return cell + ((long long) subnet * CELL_MAPS + edge) * S::MAPS;
}

template <class S>
__device__ inline float* nodeMaps(float* cell, int node, int subnet) {
    return cell + ((long long) subnet * CELL_MAPS + EDGES + node - 1) * S::MAPS;
}

template <class S>
__device__ inline const float* sourceMaps(const float* input, long long inputStride, float* cell, int node, int subnet) {
    return node == 0 ? input + subnet * inputStride : nodeMaps<S>(cell, node, subnet);
}

// Weights of a cell: for each edge those of 3x3, then those of 1x1.
template <class S>
__device__ inline const float* edgeWeights(const float* weights, int edge, int operation) {
    constexpr int SQUARE = S::CHANNELS_ * S::CHANNELS_;
    return weights + edge * 10 * SQUARE + (operation == CONVOLUTION_1X1 ? 9 * SQUARE : 0);
}

struct Cell {
    const Step* step;
    const float* weights;
    const float* input;
    long long inputStride;
    float* maps;
    double2* parts;  // [subnet][edge][channel][part]
    Statistics* statistics;  // [subnet][edge][channel]
    long long node;
    // For gradients:
    float* inputGradient;
    long long inputGradientStride;
    float* gradients;  // [subnet][node - 1]
    double* sums;  // [subnet][node - 1][0: gradient, then for each source: gradient by normalised output][channel][chunk]
    float* weightParts;  // [subnet][edge][chunk][weight]
};

// The convolutions on the edges that leave a node.
template <class S>
__device__ inline void cellConvolutions(const Cell& a) {
    using T = typename S::Same;
    constexpr int C = T::INPUTS;
    __shared__ __align__(16) float shared[T::SHARED];
    int source = (int) a.node;
    int edges = 3 - source;
    int subnet = (int) blockIdx.z / edges;
    int edge = edgeBetween(source, source + 1 + (int) blockIdx.z % edges);
    Place<T> place;
    if (subnet >= a.step->subnets || place.image >= a.step->images) {
        return;
    }
    int what = operation(a.step, subnet, edge);
    if (!isConvolution(what)) {
        return;
    }
    const float* x = sourceMaps<S>(a.input, a.inputStride, a.maps, source, subnet) + (long long) place.image * S::IMAGE;
    const float* w = edgeWeights<S>(a.weights, edge, what);
    auto rectified = [&](int channel, int row, int column) {
        float value = x[(channel * S::ROWS + row) * S::COLUMNS + column];
        return value > 0 ? value : 0.0f;
    };
    float sums[T::DEEP][T::HIGH];
    clear<T>(sums);
    if (what == CONVOLUTION_3X3) {
        convolve<T, 3>(sums, place, shared, rectified, [&](int in, int tap, int out) { return w[(in * 9 + tap) * C + out]; });
    } else {
        convolve<T, 1>(sums, place, shared, rectified, [&](int in, int tap, int out) { return w[in * C + out]; });
    }
    write<T>(sums, place, edgeMaps<S>(a.maps, edge, subnet) + (long long) place.image * S::IMAGE);
    writeParts<T>(sums, place, shared, a.parts + ((long long) subnet * EDGES + edge) * C * T::PARTS);
}

// How many pixels of a stage's image are in the 3x3 around one.
template <class S>
__device__ inline float pixelsAround(int row, int column) {
    int rows = least(row + 1, S::ROWS - 1) - most(row - 1, 0) + 1;
    int columns = least(column + 1, S::COLUMNS - 1) - most(column - 1, 0) + 1;
    return (float) (rows * columns);
}

template <class S>
__device__ inline float pooled(const float* map, int row, int column) {
    float sum = 0;
    for (int r = most(row - 1, 0); r <= least(row + 1, S::ROWS - 1); r++) {
        for (int c = most(column - 1, 0); c <= least(column + 1, S::COLUMNS - 1); c++) {
            sum += map[r * S::COLUMNS + c];
        }
    }
    return sum / pixelsAround<S>(row, column);
}

// Adds the means around a few neighbouring pixels, of which this is the first.
template <class S>
__device__ inline void addPooled(typename S::Few& to, const float* map, int pixel) {
    constexpr int COUNT = S::AT_ONCE;
    if constexpr (S::COLUMNS % COUNT == 0) {
        int row = pixel / S::COLUMNS, column = pixel % S::COLUMNS;
        float sums[COUNT + 2] = {};  // of the columns around
#pragma unroll
        for (int r = row - 1; r <= row + 1; r++) {
            if (r >= 0 && r < S::ROWS) {
                const float* line = map + r * S::COLUMNS + column;
                typename S::Few middle = S::Few::of(line);
                sums[0] += column > 0 ? line[-1] : 0.0f;
#pragma unroll
                for (int few = 0; few < COUNT; few++) {
                    sums[few + 1] += middle.values[few];
                }
                sums[COUNT + 1] += column + COUNT < S::COLUMNS ? line[COUNT] : 0.0f;
            }
        }
#pragma unroll
        for (int few = 0; few < COUNT; few++) {
            to.values[few] += (sums[few] + sums[few + 1] + sums[few + 2]) / pixelsAround<S>(row, column + few);
        }
    } else {
        for (int few = 0; few < COUNT; few++) {
            to.values[few] += pooled<S>(map, (pixel + few) / S::COLUMNS, (pixel + few) % S::COLUMNS);
        }
    }
}

// Adds up the parts of a channel's sum and of its sum of squares that are this thread's.
template <class T>
__device__ inline void addParts(const double2* parts, int images, double& sum, double& squares) {
    for (int i = (int) threadIdx.x; i < images * T::IMAGE_TILES; i += WIDE) {
        double2 part = parts[i];
        sum += part.x;
        squares += part.y;
    }
}

// A node: the sum of what its edges bring.
template <class S>
__device__ inline void cellNode(const Cell& a) {
    int target = (int) a.node, channel = (int) blockIdx.x, subnet = (int) blockIdx.z;
    int images = a.step->images;
    int first = (int) blockIdx.y * S::CHUNK;
    if (subnet >= a.step->subnets || first >= images) {
        return;
    }
    int what[3] = {NONE, NONE, NONE};
    const float* from[3] = {nullptr, nullptr, nullptr};
    double sums[6] = {0, 0, 0, 0, 0, 0};
    bool live = false, convolved = false;
#pragma unroll
    for (int source = 0; source < 3; source++) {
        if (source < target) {
            int edge = edgeBetween(source, target);
            what[source] = operation(a.step, subnet, edge);
            live = live || what[source] != NONE;
            if (isConvolution(what[source])) {
                convolved = true;
                addParts<typename S::Same>(
                        a.parts + (((long long) subnet * EDGES + edge) * S::CHANNELS_ + channel) * S::Same::PARTS, images,
                        sums[2 * source], sums[2 * source + 1]);
                from[source] = edgeMaps<S>(a.maps, edge, subnet);
            } else {
                from[source] = sourceMaps<S>(a.input, a.inputStride, a.maps, source, subnet);
            }
        }
    }
    if (!live) {
        return;
    }
    Statistics statistics[3] = {};
    if (convolved) {
        sumOverBlock<6>(sums);
    }
#pragma unroll
    for (int source = 0; source < 3; source++) {
        if (isConvolution(what[source])) {
            statistics[source] = statisticsOf(sums[2 * source], sums[2 * source + 1], (double) images * S::PIXELS);
            if (blockIdx.y == 0 && threadIdx.x == 0) {
                int edge = edgeBetween(source, target);
                a.statistics[((long long) subnet * EDGES + edge) * S::CHANNELS_ + channel] = statistics[source];
            }
        }
    }
    float* to = nodeMaps<S>(a.maps, target, subnet);
    int count = least(S::CHUNK, images - first) * S::PIXELS / S::AT_ONCE;
#pragma unroll 2
    for (int i = (int) threadIdx.x; i < count; i += WIDE) {
        long long at = S::place(first, channel, i);
        typename S::Few sum = {};
#pragma unroll
        for (int source = 0; source < 3; source++) {
            if (what[source] == POOL) {
                int pixel = i * S::AT_ONCE % S::PIXELS;
                addPooled<S>(sum, from[source] + at - pixel, pixel);
            } else if (what[source] != NONE) {
                typename S::Few x = S::Few::of(from[source] + at);
#pragma unroll
                for (int few = 0; few < S::AT_ONCE; few++) {
                    sum.values[few] += what[source] == SKIP
                            ? x.values[few]
                            : normalised(x.values[few], statistics[source].mean, statistics[source].inverse);
                }
            }
        }
        sum.write(to + at);
    }
}

// ---- a convolution with its batch norm that every architecture has: the stem and the two of a reduction

struct Norm {
    const Step* step;
    const float* z;
    long long stride;  // from one subnet's maps to the next, of all but the gradient
    const double2* parts;  // [subnet][channel][part]
    Statistics* statistics;  // [subnet][channel]
    long long statisticsStride;
    const float* addend;  // or none
    float* out;
    // For gradients:
    const float* gradient;
    long long gradientStride;
    double* sums;  // [subnet][0: gradient, 1: gradient by normalised output][channel][chunk]
};

constexpr int NORM_SUMS = 4;  // of which two are none

template <class S, class T>
__device__ inline void norm(const Norm& a) {
    int channel = (int) blockIdx.x, subnet = (int) blockIdx.z, images = a.step->images;
    int first = (int) blockIdx.y * S::CHUNK;
    if (subnet >= a.step->subnets || first >= images) {
        return;
    }
    double sums[2] = {0, 0};
    addParts<T>(a.parts + ((long long) subnet * S::CHANNELS_ + channel) * T::PARTS, images, sums[0], sums[1]);
    sumOverBlock<2>(sums);
    Statistics statistics = statisticsOf(sums[0], sums[1], (double) images * S::PIXELS);
    if (blockIdx.y == 0 && threadIdx.x == 0) {
        a.statistics[subnet * a.statisticsStride + channel] = statistics;
    }
    int count = least(S::CHUNK, images - first) * S::PIXELS / S::AT_ONCE;
#pragma unroll 2
    for (int i = (int) threadIdx.x; i < count; i += WIDE) {
        long long at = subnet * a.stride + S::place(first, channel, i);
        typename S::Few x = S::Few::of(a.z + at);
        typename S::Few sum = {};
        if (a.addend != nullptr) {
            sum = S::Few::of(a.addend + at);
        }
#pragma unroll
        for (int few = 0; few < S::AT_ONCE; few++) {
            sum.values[few] += normalised(x.values[few], statistics.mean, statistics.inverse);
        }
        sum.write(a.out + at);
    }
}

struct Stem {
    const Step* step;
    const float* weights;
    const float* images;
    float* z;
    double2* parts;
    const Statistics* statistics;
    const float* gradient;
    long long gradientStride;
    const double* sums;
    float* weightParts;  // [subnet][chunk][weight]
};

using StemTiles = Tiles<IMAGE_CHANNELS, CHANNELS, HEIGHT, WIDTH, 1>;
using StemPairs = Pairs<IMAGE_CHANNELS, CHANNELS, HEIGHT, WIDTH>;

#if UNIT == 0
KERNEL(stem, StemTiles::THREADS, Stem) {
    using T = StemTiles;
    __shared__ __align__(16) float shared[T::SHARED];
    Place<T> place;
    if (place.image >= a.step->images) {
        return;
    }
    const float* x = a.images + (long long) place.image * IMAGE_CHANNELS * HEIGHT * WIDTH;
    float sums[T::DEEP][T::HIGH];
    clear<T>(sums);
    convolve<T, 3>(
            sums, place, shared, [&](int channel, int row, int column) { return x[(channel * HEIGHT + row) * WIDTH + column]; },
            [&](int in, int tap, int out) { return a.weights[(in * 9 + tap) * CHANNELS + out]; });
    write<T>(sums, place, a.z + (long long) place.image * Stage<1>::IMAGE);
    writeParts<T>(sums, place, shared, a.parts);
}
#endif

// ---- the residual block between two stages

struct Reduction {
    const Step* step;
    const float* weights;  // of a, b and the shortcut
    const float* input;
    long long inputStride;
    float* maps;  // [subnet][a before its norm, a, b before its norm, shortcut, output]
    double2* parts;  // [subnet][channel][part]
    const Statistics* statistics;  // [subnet][a, b][channel]
    float* inputGradient;
    long long inputGradientStride;
    const float* gradient;  // of the output
    float* innerGradient;  // of a
    const double* innerSums;
    const double* sums;
    float* weightPartsA;  // [subnet][chunk][weight], as are the next
    float* weightPartsB;
    float* weightPartsShortcut;
};

constexpr int REDUCTION_MAPS = 5;

template <int NUMBER>
struct Reduced {
    using In = Stage<NUMBER>;
    using Out = Stage<NUMBER + 1>;
    static constexpr int C = In::CHANNELS_;
    using TilesA = Tiles<C, 2 * C, In::ROWS, In::COLUMNS, 2>;
    using TilesB = typename Out::Same;
    using TilesToA = typename Out::Same;
    using TilesToInput = Tiles<2 * C, C, In::ROWS, In::COLUMNS, 1>;
    using PairsA = Pairs<C, 2 * C, In::ROWS, In::COLUMNS>;
    using PairsB = Pairs<2 * C, 2 * C, Out::ROWS, Out::COLUMNS>;
    using PairsShortcut = Pairs<C, 2 * C, Out::ROWS, Out::COLUMNS>;
    static constexpr int WEIGHTS_A = 18 * C * C, WEIGHTS_B = 36 * C * C, WEIGHTS_SHORTCUT = 2 * C * C;

    static __device__ float* maps(float* all, int which, int subnet) {
        return all + (long long) (subnet * REDUCTION_MAPS + which) * Out::MAPS;
    }

    // The mean over 2x2 pixels of one channel of the input.
    static __device__ float halved(const float* map, int row, int column) {
        const float* at = map + 2 * row * In::COLUMNS + 2 * column;
        return (at[0] + at[1] + at[In::COLUMNS] + at[In::COLUMNS + 1]) * 0.25f;
    }
};

// The convolution a and the shortcut, which blocks of odd blockIdx.z compute.
template <class R>
__device__ inline void reductionFirst(const Reduction& a) {
    using T = typename R::TilesA;
    using In = typename R::In;
    using Out = typename R::Out;
    constexpr int C = R::C;
    using Half = Tiles<C, 2 * C, Out::ROWS, Out::COLUMNS, 1>;
    static_assert(Half::THREADS == T::THREADS && Half::IMAGE_TILES == T::IMAGE_TILES, "one grid for both");
    __shared__ __align__(16) float shared[most(T::SHARED, Half::SHARED)];
    int subnet = (int) blockIdx.z / 2;
    Place<T> place;
    if (subnet >= a.step->subnets || place.image >= a.step->images) {
        return;
    }
    const float* x = a.input + subnet * a.inputStride + (long long) place.image * In::IMAGE;
    if (blockIdx.z % 2 == 0) {
        float sums[T::DEEP][T::HIGH];
        clear<T>(sums);
        convolve<T, 3>(
                sums, place, shared,
                [&](int channel, int row, int column) {
                    float value = x[(channel * In::ROWS + row) * In::COLUMNS + column];
                    return value > 0 ? value : 0.0f;
                },
                [&](int in, int tap, int out) { return a.weights[(in * 9 + tap) * 2 * C + out]; });
        write<T>(sums, place, R::maps(a.maps, 0, subnet) + (long long) place.image * Out::IMAGE);
        writeParts<T>(sums, place, shared, a.parts + (long long) subnet * 2 * C * T::PARTS);
    } else {
        Place<Half> half;
        float sums[Half::DEEP][Half::HIGH];
        clear<Half>(sums);
        const float* w = a.weights + R::WEIGHTS_A + R::WEIGHTS_B;
        convolve<Half, 1>(
                sums, half, shared,
                [&](int channel, int row, int column) { return R::halved(x + channel * In::PIXELS, row, column); },
                [&](int in, int tap, int out) { return w[in * 2 * C + out]; });
        write<Half>(sums, half, R::maps(a.maps, 3, subnet) + (long long) place.image * Out::IMAGE);
    }
}

template <class R>
__device__ inline void reductionSecond(const Reduction& a) {
    using T = typename R::TilesB;
    using Out = typename R::Out;
    constexpr int C = 2 * R::C;
    __shared__ __align__(16) float shared[T::SHARED];
    int subnet = (int) blockIdx.z;
    Place<T> place;
    if (subnet >= a.step->subnets || place.image >= a.step->images) {
        return;
    }
    const float* x = R::maps(a.maps, 1, subnet) + (long long) place.image * Out::IMAGE;
    const float* w = a.weights + R::WEIGHTS_A;
    float sums[T::DEEP][T::HIGH];
    clear<T>(sums);
    convolve<T, 3>(
            sums, place, shared,
            [&](int channel, int row, int column) {
                float value = x[(channel * Out::ROWS + row) * Out::COLUMNS + column];
                return value > 0 ? value : 0.0f;
            },
            [&](int in, int tap, int out) { return w[(in * 9 + tap) * C + out]; });
    write<T>(sums, place, R::maps(a.maps, 2, subnet) + (long long) place.image * Out::IMAGE);
    writeParts<T>(sums, place, shared, a.parts + (long long) subnet * C * T::PARTS);
}

// ---- the head: batch norm, ReLU, mean over all pixels, classifier, loss

struct Head {
    const Step* step;
    const float* weights;  // [class][channel], then the biases
    const float* input;
    long long inputStride;
    Statistics* statistics;  // [subnet][channel]
    float* features;  // [subnet][image][channel]
    float* featureGradients;
    float* logitGradients;  // [subnet][image][class]
    float* results;  // [slot][subnet][image][loss, correct]
    long long room;  // for subnets in the results
    unsigned* launches;
    float* inputGradient;
    long long inputGradientStride;
    float* weightParts;  // [subnet][weights, biases]
};

constexpr int TEAM = 16;  // threads that average one image's map

#if UNIT == 0
KERNEL(headPool, WIDE, Head) {
    using S = Stage<3>;
    int channel = (int) blockIdx.x, subnet = (int) blockIdx.y, images = a.step->images, thread = (int) threadIdx.x;
    if (subnet >= a.step->subnets) {
        return;
    }
    const float* x = a.input + subnet * a.inputStride;
    double sums[2] = {0, 0};
#pragma unroll 4
    for (int i = thread; i < images * S::PIXELS / S::AT_ONCE; i += WIDE) {
        typename S::Few values = S::Few::of(x + S::place(0, channel, i));
#pragma unroll
        for (int few = 0; few < S::AT_ONCE; few++) {
            sums[0] += values.values[few];
            sums[1] += (double) values.values[few] * values.values[few];
        }
    }
    sumOverBlock<2>(sums);
    Statistics statistics = statisticsOf(sums[0], sums[1], (double) images * S::PIXELS);
    if (thread == 0) {
        a.statistics[subnet * S::CHANNELS_ + channel] = statistics;
    }
#pragma unroll 4
    for (int first = 0; first < images; first += WIDE / TEAM) {
        int image = first + thread / TEAM;
        float sum = 0;
        if (image < images) {
            for (int pixel = thread % TEAM; pixel < S::PIXELS; pixel += TEAM) {
                float value = normalised(
                        x[((long long) image * S::CHANNELS_ + channel) * S::PIXELS + pixel], statistics.mean,
                        statistics.inverse);
                sum += value > 0 ? value : 0.0f;
            }
        }
#pragma unroll
        for (int lanes = TEAM / 2; lanes > 0; lanes /= 2) {
            sum += __shfl_xor_sync(ALL_LANES, sum, lanes);
        }
        if (image < images && thread % TEAM == 0) {
            a.features[((long long) subnet * BATCH + image) * S::CHANNELS_ + channel] = sum / (float) S::PIXELS;
        }
    }
}

KERNEL(headLoss, 64, Head) {
    constexpr int C = Stage<3>::CHANNELS_;
    __shared__ float logits[CLASSES], features[C];
    int image = (int) blockIdx.x, subnet = (int) blockIdx.y, thread = (int) threadIdx.x;
    if (image == 0 && subnet == 0 && thread == 0) {
        (*a.launches)++;
    }
    if (subnet >= a.step->subnets || image >= a.step->images) {
        return;
    }
    long long row = (long long) subnet * BATCH + image;
    for (int c = thread; c < C; c += 64) {
        features[c] = a.features[row * C + c];
    }
    __syncthreads();
    for (int k = thread; k < CLASSES; k += 64) {
        float sum = a.weights[CLASSES * C + k];
#pragma unroll 8
        for (int c = 0; c < C; c++) {
            sum += a.weights[k * C + c] * features[c];
        }
        logits[k] = sum;
    }
    __syncthreads();
    int label = a.step->labels[image];
    float largest = logits[0];
    int answer = 0;
    for (int k = 1; k < CLASSES; k++) {
        if (logits[k] > largest) {
            largest = logits[k];
            answer = k;
        }
    }
    float total = 0;
    for (int k = 0; k < CLASSES; k++) {
        total += expf(logits[k] - largest);
    }
    if (thread == 0) {
        float* result = a.results + ((a.step->slot * a.room + subnet) * BATCH + image) * 2;
        result[0] = logf(total) - (logits[label] - largest);
        result[1] = answer == label ? 1.0f : 0.0f;
    }
    __syncthreads();
    if (a.logitGradients == nullptr) {
        return;
    }
    for (int k = thread; k < CLASSES; k += 64) {
        float gradient = a.step->scale * (expf(logits[k] - largest) / total - (k == label ? 1.0f : 0.0f));
        a.logitGradients[row * CLASSES + k] = gradient;
        logits[k] = gradient;
    }
    __syncthreads();
    for (int c = thread; c < C; c += 64) {
        float sum = 0;
        for (int k = 0; k < CLASSES; k++) {
            sum += a.weights[k * C + c] * logits[k];
        }
        a.featureGradients[row * C + c] = sum;
    }
}
#endif

// ---- the kernels of each stage, and what the host has to know of them

#define STAGE_KERNELS(N)                                                                           \
    KERNEL(cellConvolutions##N, Stage<N>::Same::THREADS, Cell) { cellConvolutions<Stage<N>>(a); }  \
    KERNEL(cellNode##N, WIDE, Cell) { cellNode<Stage<N>>(a); }

#define REDUCTION_KERNELS(N)                                                                              \
    KERNEL(reductionFirst##N, Reduced<N>::TilesA::THREADS, Reduction) { reductionFirst<Reduced<N>>(a); }  \
    KERNEL(reductionNormA##N, WIDE, Norm) { norm<Reduced<N>::Out, Reduced<N>::TilesA>(a); }               \
    KERNEL(reductionSecond##N, Reduced<N>::TilesB::THREADS, Reduction) { reductionSecond<Reduced<N>>(a); } \
    KERNEL(reductionNormB##N, WIDE, Norm) { norm<Reduced<N>::Out, Reduced<N>::TilesB>(a); }

#if UNIT == 0
KERNEL(stemNorm, WIDE, Norm) { norm<Stage<1>, StemTiles>(a); }
#elif UNIT == 1
STAGE_KERNELS(1)
REDUCTION_KERNELS(1)
#elif UNIT == 2
STAGE_KERNELS(2)
REDUCTION_KERNELS(2)
#elif UNIT == 3
STAGE_KERNELS(3)
#endif

// Blocks and threads of each launch, as the host reads them: the constants above are known to the compiler alone.
struct Launch {
    long long threads, blocks, outputBlocks, parts, chunkImages, chunks;
};

template <class T>
__device__ Launch launchOfTiles() {
    return {T::THREADS, BATCH * T::IMAGE_TILES, T::OUTPUT_BLOCKS, T::PARTS, 0, 0};
}

template <class P>
__device__ Launch launchOfPairs() {
    return {P::THREADS, P::CHUNKS, P::BLOCKS, P::BANDS, P::CHUNK, P::CHUNKS};
}

template <class S>
__device__ Launch launchOfStage() {
    return {WIDE, S::CHANNELS_, divideUp(BATCH, S::CHUNK), 0, 0, 0};
}

template <int N>
__device__ void describeStage(Launch* to) {
    using S = Stage<N>;
    to[0] = launchOfTiles<typename S::Same>();
    to[1] = launchOfStage<S>();
    to[2] = launchOfPairs<Pairs<S::CHANNELS_, S::CHANNELS_, S::ROWS, S::COLUMNS>>();
}

template <int N>
__device__ void describeReduction(Launch* to) {
    using R = Reduced<N>;
    to[0] = launchOfTiles<typename R::TilesA>();
    to[1] = launchOfTiles<typename R::TilesB>();
    to[2] = launchOfTiles<typename R::TilesToA>();
    to[3] = launchOfTiles<typename R::TilesToInput>();
    to[4] = launchOfPairs<typename R::PairsA>();
    to[5] = launchOfPairs<typename R::PairsB>();
    to[6] = launchOfPairs<typename R::PairsShortcut>();
}

struct Describe {
    Launch* launches;
    long long* sizes;
};

#if UNIT == 0
KERNEL(describe, 32, Describe) {
    if (threadIdx.x > 0) {
        return;
    }
    a.launches[0] = launchOfTiles<StemTiles>();
    a.launches[1] = launchOfPairs<StemPairs>();
    describeStage<1>(a.launches + 2);
    describeStage<2>(a.launches + 5);
    describeStage<3>(a.launches + 8);
    describeReduction<1>(a.launches + 11);
    describeReduction<2>(a.launches + 18);
    a.sizes[0] = STEP_INTS;
    a.sizes[1] = SLOT_INTS;
}
#endif
