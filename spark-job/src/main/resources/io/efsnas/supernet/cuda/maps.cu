// The arithmetic of a NAS-Bench-201 supernet in kernels whose sequence is the same for every architecture: which
// operation an edge has is data that a kernel reads, so that one recorded graph of launches does every step.
//
// This file, forward.cu and, for training, backward.cu are one source: NVRTC compiles it with CHANNELS (of the first stage),
// HEIGHT, WIDTH, IMAGE_CHANNELS, CLASSES and BATCH (the largest), and in four units at a time, since it takes long: UNIT is
// 1 to 3 for the kernels of a stage and of the reduction behind it, whose names end in it, and 0 for all others. Tests
// compile it with a host compiler, see emulation.h.
//
// Feature maps are [subnet][image][channel][row][column] in float32, weights of convolutions [input][tap][output].
// A convolution writes its output before batch normalisation, and for each block of threads the sum and the sum of
// squares of each channel; who reads the output normalises it. No result depends on the order in which blocks run.

#ifndef KERNEL
#define KERNEL(name, threads, Arguments) \
    extern "C" __global__ void __launch_bounds__(threads) name(const Arguments a)
#endif

typedef unsigned char byte;

constexpr int NONE = 0, SKIP = 1, CONVOLUTION_1X1 = 2, CONVOLUTION_3X3 = 3, POOL = 4;
constexpr float EPSILON = 1e-5f;
constexpr int SUM_CHUNKS = 16;
constexpr int MOST_SUBNETS = 64;
constexpr int WIDE = 256;  // threads of a block that goes through whole feature maps

__host__ __device__ constexpr int least(int a, int b) { return a < b ? a : b; }
__host__ __device__ constexpr int most(int a, int b) { return a > b ? a : b; }
__host__ __device__ constexpr int divideUp(int a, int b) { return (a + b - 1) / b; }
__host__ __device__ constexpr int powerOfTwoUpTo(int n) {
    int power = 1;
    while (power * 2 <= n) {
        power *= 2;
    }
    return power;
}

// What the host says of a step. Behind it in the ring: for each image its position in the set, how far it is shifted up
// and to the left, and whether it is mirrored.
struct Step {
    int images;
    int subnets;
    int pixelsGiven;  // whether the pixels are in place already
    float rate;
    float scale;  // of the loss's gradient
    int slot;
    const byte* pixels;   // [image][channel][row][column]
    const float* tables;  // the normalised value of each byte, for each channel
    int choices[MOST_SUBNETS];  // three bits for each edge, NONE where an edge is not alive
    int labels[BATCH];
};

__device__ inline int operation(const Step* step, int subnet, int edge) {
    return (step->choices[subnet] >> (3 * edge)) & 7;
}

__device__ inline bool isConvolution(int operation) {
    return operation == CONVOLUTION_1X1 || operation == CONVOLUTION_3X3;
}

__device__ inline int edgeBetween(int source, int target) { return target * (target - 1) / 2 + source; }

__device__ inline float normalised(float z, float mean, float inverse) { return (z - mean) * inverse; }

// ---- images

struct Begin {
    const int* ring;
    long long slots;
    const unsigned* launches;
    Step* step;
    float* images;
};

constexpr int STEP_INTS = (int) (sizeof(Step) / 4);
constexpr int SLOT_INTS = STEP_INTS + 4 * BATCH;

#if UNIT == 0
KERNEL(begin, WIDE, Begin) {
    int slot = (int) (*a.launches % (unsigned) a.slots);
    const int* ints = a.ring + (long long) slot * SLOT_INTS;
    const Step* given = (const Step*) ints;
    int image = (int) blockIdx.x - 1;
    if (image < 0) {
        for (int i = (int) threadIdx.x; i < STEP_INTS; i += WIDE) {
            ((int*) a.step)[i] = ints[i];
        }
        __syncthreads();
        if (threadIdx.x == 0) {
            a.step->slot = slot;
        }
        return;
    }
    if (image >= given->images || given->pixelsGiven) {
        return;
    }
    const int* views = ints + STEP_INTS;
    int position = views[image];
    int up = views[BATCH + image];
    int left = views[2 * BATCH + image];
    bool mirrored = views[3 * BATCH + image] != 0;
    const byte* from = given->pixels + (long long) position * IMAGE_CHANNELS * HEIGHT * WIDTH;
    float* to = a.images + (long long) image * IMAGE_CHANNELS * HEIGHT * WIDTH;
    for (int i = (int) threadIdx.x; i < IMAGE_CHANNELS * HEIGHT * WIDTH; i += WIDE) {
        int channel = i / (HEIGHT * WIDTH);
        int row = i / WIDTH % HEIGHT + up;
        int column = i % WIDTH + left;
        bool inside = row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH;
        int at = (channel * HEIGHT + row) * WIDTH + (mirrored ? WIDTH - 1 - column : column);
        to[i] = given->tables[channel * 256 + (inside ? from[at] : 0)];
    }
}
#endif

// ---- convolutions: one block computes a tile of rows of one image, for some outputs

constexpr int BUSY_THREADS = 25000;  // that keep a large GPU busy

// As much as there is in each part if as few as possible have at most so much.
__host__ __device__ constexpr int evenShare(int all, int most) { return divideUp(all, divideUp(all, most)); }

template <int INPUTS_, int OUTPUTS_, int HEIGHT_IN, int WIDTH_IN, int STRIDE_>
struct Tiles {
    static constexpr int INPUTS = INPUTS_, OUTPUTS = OUTPUTS_, STRIDE = STRIDE_;
    static constexpr int ROWS_IN = HEIGHT_IN, COLUMNS_IN = WIDTH_IN;
    static constexpr int ROWS_OUT = (HEIGHT_IN - 1) / STRIDE + 1, COLUMNS = (WIDTH_IN - 1) / STRIDE + 1;
    // A thread computes DEEP rows of HIGH outputs in one column: the more the fewer reads it needs for each product, but
    // there should be enough threads to keep a GPU busy.
    static constexpr long long EACH = (long long) BATCH * OUTPUTS * ROWS_OUT * COLUMNS / BUSY_THREADS;
    static constexpr int GROUPS = EACH >= 32 && OUTPUTS >= 8            ? divideUp(OUTPUTS, 8)
                                  : OUTPUTS % 5 == 0 && OUTPUTS % 4 != 0 ? OUTPUTS / 5
                                                                         : divideUp(OUTPUTS, 4);
    static constexpr int HIGH = divideUp(OUTPUTS, GROUPS);
    static constexpr int DEEP = least(EACH >= 16 ? 4 : EACH >= 6 ? 2 : 1, ROWS_OUT);
    static constexpr int LANES = most(1, 128 / COLUMNS);
    static constexpr int BLOCK_GROUPS = evenShare(GROUPS, least(5, LANES));
    static constexpr int BLOCK_DEPTHS = evenShare(divideUp(ROWS_OUT, DEEP), most(1, LANES / BLOCK_GROUPS));
    static constexpr int PLACES = COLUMNS * BLOCK_DEPTHS;  // threads that compute the same outputs
    static constexpr int BUSY = PLACES * BLOCK_GROUPS;
    static constexpr int THREADS = divideUp(BUSY, 32) * 32;
    static constexpr int ROWS = BLOCK_DEPTHS * DEEP;
    static constexpr int IMAGE_TILES = divideUp(ROWS_OUT, ROWS);
    static constexpr int BLOCK_OUTPUTS = BLOCK_GROUPS * HIGH;
    static constexpr int OUTPUT_BLOCKS = divideUp(GROUPS, BLOCK_GROUPS);
    static constexpr int PARTS = BATCH * IMAGE_TILES;
    // Of a kernel of 3x3, the larger one.
    static constexpr int TILE_ROWS = (ROWS - 1) * STRIDE + 3, TILE_COLUMNS = (COLUMNS - 1) * STRIDE + 3;
    // From one group's factors to the next, and from one tap's: multiples of four, which are read at once, and an odd
    // one between taps against conflicts of banks.
    static constexpr int GROUP_PITCH = divideUp(HIGH, 4) * 4;
    static constexpr int TAP_PITCH = (BLOCK_GROUPS * GROUP_PITCH / 4 | 1) * 4;
    static constexpr int CHANNEL = TILE_ROWS * TILE_COLUMNS + 9 * TAP_PITCH;
    static constexpr int CHUNK = evenShare(INPUTS, most(1, 6000 / CHANNEL));  // channels at a time
    static constexpr int TILE = CHUNK * TILE_ROWS * TILE_COLUMNS, FACTORS = CHUNK * 9 * TAP_PITCH;
    static constexpr int POOL = BLOCK_OUTPUTS * (ROWS + 2) * (COLUMNS + 2);
    static constexpr int SHARED = most(TILE + FACTORS, 2 * BUSY * HIGH);
};

// Where a thread is in its block's tile.
template <class T>
struct Place {
    int group, depth, column, image, firstRow, firstOutput;
    bool busy;

    __device__ Place() {
        int thread = (int) threadIdx.x;
        busy = thread < T::BUSY;
        group = least(thread / T::PLACES, T::BLOCK_GROUPS - 1);
        depth = thread / T::COLUMNS % T::BLOCK_DEPTHS;
        column = thread % T::COLUMNS;
        image = (int) blockIdx.x / T::IMAGE_TILES;
        firstRow = (int) blockIdx.x % T::IMAGE_TILES * T::ROWS;
        firstOutput = (int) blockIdx.y * T::BLOCK_OUTPUTS;
    }

    __device__ int row(int deep) const { return firstRow + depth * T::DEEP + deep; }
    __device__ int output(int high) const { return firstOutput + group * T::HIGH + high; }
    // Where this is in one image's outputs.
    __device__ int at(int deep, int high) const { return (output(high) * T::ROWS_OUT + row(deep)) * T::COLUMNS + column; }
    __device__ bool computes(int deep, int high) const {
        return busy && row(deep) < T::ROWS_OUT && output(high) < T::OUTPUTS;
    }
};

template <int HIGH>
__device__ inline void factorsOf(float (&values)[HIGH], const float* from) {
#pragma unroll
    for (int i = 0; i < HIGH / 4; i++) {
        float4 four = ((const float4*) from)[i];
        values[4 * i] = four.x;
        values[4 * i + 1] = four.y;
        values[4 * i + 2] = four.z;
        values[4 * i + 3] = four.w;
    }
#pragma unroll
    for (int i = HIGH / 4 * 4; i < HIGH; i++) {
        values[i] = from[i];
    }
}

// Whether neighbours in memory are weights of neighbouring outputs or of neighbouring inputs of a convolution.
enum class Adjacent { OUTPUTS, INPUTS };

// Adds a convolution to sums. What is convolved is input(channel, row, column), asked for inside the image alone;
// factor(channel, tap, output) are the weights.
template <class T, int KERNEL_SIDE, Adjacent ADJACENT = Adjacent::OUTPUTS, class Input, class Factor>
__device__ inline void convolve(
        float (&sums)[T::DEEP][T::HIGH], const Place<T>& place, float* shared, Input input, Factor factor) {
    constexpr int K = KERNEL_SIDE, TAPS = K * K, PAD = K / 2;
    constexpr int ROWS = (T::ROWS - 1) * T::STRIDE + K, COLUMNS = (T::COLUMNS - 1) * T::STRIDE + K;
    constexpr int FACTORS_OF_CHUNK = T::CHUNK * TAPS * T::BLOCK_OUTPUTS;
    float* factors = shared;  // first, where it is aligned for vectors of four
    float* tile = shared + T::FACTORS;
    for (int first = 0; first < T::INPUTS; first += T::CHUNK) {
        int channels = least(T::CHUNK, T::INPUTS - first);
#pragma unroll 4
        for (int i = (int) threadIdx.x; i < channels * ROWS * COLUMNS; i += T::THREADS) {
            int row = place.firstRow * T::STRIDE - PAD + i / COLUMNS % ROWS;
            int column = i % COLUMNS - PAD;
            bool inside = row >= 0 && row < T::ROWS_IN && column >= 0 && column < T::COLUMNS_IN;
            tile[i] = inside ? input(first + i / (ROWS * COLUMNS), row, column) : 0.0f;
        }
#pragma unroll 4
        for (int i = (int) threadIdx.x; i < FACTORS_OF_CHUNK; i += T::THREADS) {
            bool byOutput = ADJACENT == Adjacent::OUTPUTS;
            int tap = i / (byOutput ? T::BLOCK_OUTPUTS : T::CHUNK) % TAPS;
            int output = byOutput ? i % T::BLOCK_OUTPUTS : i / (T::CHUNK * TAPS);
            int channel = byOutput ? i / (TAPS * T::BLOCK_OUTPUTS) : i % T::CHUNK;
            bool exists = channel < channels && place.firstOutput + output < T::OUTPUTS;
            factors[(channel * TAPS + tap) * T::TAP_PITCH + output / T::HIGH * T::GROUP_PITCH + output % T::HIGH] =
                    exists ? factor(first + channel, tap, place.firstOutput + output) : 0.0f;
        }
        __syncthreads();
        if (place.busy) {
            const float* own = tile + place.depth * T::DEEP * T::STRIDE * COLUMNS + place.column * T::STRIDE;
            const float* weights = factors + place.group * T::GROUP_PITCH;
            for (int channel = 0; channel < channels; channel++) {
#pragma unroll
                for (int across = 0; across < K; across++) {
                    float values[(T::DEEP - 1) * T::STRIDE + K];
#pragma unroll
                    for (int i = 0; i < (T::DEEP - 1) * T::STRIDE + K; i++) {
                        values[i] = own[i * COLUMNS + across];
                    }
#pragma unroll
                    for (int down = 0; down < K; down++) {
                        float by[T::HIGH];
                        factorsOf<T::HIGH>(by, weights + (down * K + across) * T::TAP_PITCH);
#pragma unroll
                        for (int deep = 0; deep < T::DEEP; deep++) {
#pragma unroll
                            for (int high = 0; high < T::HIGH; high++) {
                                sums[deep][high] += values[deep * T::STRIDE + down] * by[high];
                            }
                        }
                    }
                }
                own += ROWS * COLUMNS;
                weights += TAPS * T::TAP_PITCH;
            }
        }
        __syncthreads();
    }
}

template <class T>
__device__ inline void clear(float (&sums)[T::DEEP][T::HIGH]) {
#pragma unroll
    for (int deep = 0; deep < T::DEEP; deep++) {
#pragma unroll
        for (int high = 0; high < T::HIGH; high++) {
            sums[deep][high] = 0;
        }
    }
}

// Writes what a block has computed, as one image's maps.
template <class T>
__device__ inline void write(const float (&sums)[T::DEEP][T::HIGH], const Place<T>& place, float* maps) {
#pragma unroll
    for (int deep = 0; deep < T::DEEP; deep++) {
#pragma unroll
        for (int high = 0; high < T::HIGH; high++) {
            if (place.computes(deep, high)) {
                maps[place.at(deep, high)] = sums[deep][high];
            }
        }
    }
}

// Writes the sum and the sum of squares of each of a block's channels: parts has PARTS pairs for each.
template <class T>
__device__ inline void writeParts(
        const float (&sums)[T::DEEP][T::HIGH], const Place<T>& place, float* shared, double2* parts) {
    constexpr int HELPERS = most(1, powerOfTwoUpTo(T::THREADS / T::BLOCK_OUTPUTS));
    __shared__ double2 helped[T::BLOCK_OUTPUTS * HELPERS];
    float2* pairs = (float2*) shared;
    int thread = (int) threadIdx.x;
    if (place.busy) {
#pragma unroll
        for (int high = 0; high < T::HIGH; high++) {
            float sum = 0, squares = 0;
#pragma unroll
            for (int deep = 0; deep < T::DEEP; deep++) {
                float value = place.computes(deep, high) ? sums[deep][high] : 0.0f;
                sum += value;
                squares += value * value;
            }
            float2 pair;
            pair.x = sum;
            pair.y = squares;
            pairs[(place.group * T::HIGH + high) * T::PLACES + thread % T::PLACES] = pair;
        }
    }
    __syncthreads();
    for (int i = thread; i < T::BLOCK_OUTPUTS * HELPERS; i += T::THREADS) {
        double2 total;
        total.x = 0;
        total.y = 0;
        for (int at = i % HELPERS; at < T::PLACES; at += HELPERS) {
            float2 pair = pairs[i / HELPERS * T::PLACES + at];
            total.x += pair.x;
            total.y += pair.y;
        }
        helped[i] = total;
    }
    __syncthreads();
    for (int i = thread; i < T::BLOCK_OUTPUTS; i += T::THREADS) {
        int output = place.firstOutput + i;
        if (output < T::OUTPUTS) {
            double2 total = helped[i * HELPERS];
            for (int helper = 1; helper < HELPERS; helper++) {
                total.x += helped[i * HELPERS + helper].x;
                total.y += helped[i * HELPERS + helper].y;
            }
            parts[(long long) output * T::PARTS + blockIdx.x] = total;
        }
    }
}

// ---- what blocks of WIDE threads do, each of which goes through one channel of some images

constexpr unsigned ALL_LANES = 0xffffffff;

// Sums over all threads of a block, which all get the same.
template <int COUNT>
__device__ inline void sumOverBlock(double (&values)[COUNT]) {
    __shared__ double ofWarps[WIDE / 32][COUNT];
#pragma unroll
    for (int lanes = 16; lanes > 0; lanes /= 2) {
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            values[i] += __shfl_xor_sync(ALL_LANES, values[i], lanes);
        }
    }
    __syncthreads();  // the sums before may still be read
    if (threadIdx.x % 32 == 0) {
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            ofWarps[threadIdx.x / 32][i] = values[i];
        }
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
        values[i] = 0;
#pragma unroll
        for (int warp = 0; warp < WIDE / 32; warp++) {
            values[i] += ofWarps[warp][i];
        }
    }
}

struct Statistics {
    float mean, inverse;
};

__device__ inline Statistics statisticsOf(double sum, double squares, double count) {
    double mean = sum / count;
    double variance = squares / count - mean * mean;
    Statistics statistics;
    statistics.mean = (float) mean;
    statistics.inverse = (float) (1 / sqrt((variance > 0 ? variance : 0) + (double) EPSILON));
    return statistics;
}

// As many neighbouring pixels as are read at once.
template <int COUNT>
struct Pixels {
    float values[COUNT];

    __device__ static Pixels of(const float* from) {
        Pixels pixels;
        if constexpr (COUNT == 4) {
            float4 four = *(const float4*) from;
            pixels.values[0] = four.x;
            pixels.values[1] = four.y;
            pixels.values[2] = four.z;
            pixels.values[3] = four.w;
        } else {
#pragma unroll
            for (int i = 0; i < COUNT; i++) {
                pixels.values[i] = from[i];
            }
        }
        return pixels;
    }

    __device__ void write(float* to) const {
        if constexpr (COUNT == 4) {
            float4 four;
            four.x = values[0];
            four.y = values[1];
            four.z = values[2];
            four.w = values[3];
            *(float4*) to = four;
        } else {
#pragma unroll
            for (int i = 0; i < COUNT; i++) {
                to[i] = values[i];
            }
        }
    }
};

// ---- the stages of the network

template <int NUMBER>
struct Stage {
    static constexpr int CHANNELS_ = CHANNELS << (NUMBER - 1);
    static constexpr int ROWS = HEIGHT >> (NUMBER - 1), COLUMNS = WIDTH >> (NUMBER - 1), PIXELS = ROWS * COLUMNS;
    static constexpr int IMAGE = CHANNELS_ * PIXELS;
    static constexpr long long MAPS = (long long) BATCH * IMAGE;
    static constexpr int AT_ONCE = PIXELS % 4 == 0 ? 4 : 1;
    using Few = Pixels<AT_ONCE>;
    using Same = Tiles<CHANNELS_, CHANNELS_, ROWS, COLUMNS, 1>;
    // One block goes through one channel of so many images.
    static constexpr int CHUNK = divideUp(BATCH, least(BATCH, most(1, 264 / CHANNELS_)));
    static constexpr int SUM_CHUNK = divideUp(BATCH, SUM_CHUNKS);

    // Where the first of the few pixels with this number is, counted through one channel of a chunk of images.
    __device__ static long long place(int firstImage, int channel, int number) {
        int pixel = number * AT_ONCE;
        return ((long long) (firstImage + pixel / PIXELS) * CHANNELS_ + channel) * PIXELS + pixel % PIXELS;
    }
};

// ---- which weights a block of threads has that computes gradients of weights

__host__ __device__ constexpr int outputsOfThread(int outputs) {
    for (int high = least(5, outputs); high >= 3; high--) {
        if (outputs % high == 0) {
            return high;
        }
    }
    return divideUp(outputs, divideUp(outputs, 5));
}

template <int INPUTS_, int OUTPUTS_, int ROWS_, int COLUMNS_>
struct Pairs {
    static constexpr int INPUTS = INPUTS_, OUTPUTS = OUTPUTS_, ROWS = ROWS_, COLUMNS = COLUMNS_;
    // A thread has the weights between one input and HIGH outputs.
    static constexpr int HIGH = outputsOfThread(OUTPUTS);
    static constexpr int GROUPS = divideUp(OUTPUTS, HIGH);
    static constexpr int BLOCK_INPUTS = least(INPUTS, 16);
    static constexpr int BLOCK_GROUPS = least(GROUPS, most(1, 128 / BLOCK_INPUTS));
    static constexpr int BLOCK_OUTPUTS = BLOCK_GROUPS * HIGH;
    static constexpr int INPUT_BLOCKS = divideUp(INPUTS, BLOCK_INPUTS);
    static constexpr int BLOCKS = INPUT_BLOCKS * divideUp(GROUPS, BLOCK_GROUPS);
    static constexpr int PAIRS = BLOCK_INPUTS * BLOCK_GROUPS;
    // Threads with the same weights share the pixels.
    static constexpr int HELPERS = powerOfTwoUpTo(most(1, least(32, 256 / PAIRS)));
    static constexpr int BUSY = PAIRS * HELPERS;
    static constexpr int THREADS = divideUp(BUSY, 32) * 32;
    __host__ __device__ static constexpr int floats(int rows) {
        return BLOCK_INPUTS * plane(rows) + BLOCK_OUTPUTS * rows * COLUMNS;
    }
    __host__ __device__ static constexpr int plane(int rows) { return (rows + 2) * (COLUMNS + 2) | 1; }  // odd, against conflicts of banks
    __host__ __device__ static constexpr int tileRows() {
        int rows = divideUp(ROWS, most(1, least(ROWS / 8, 4)));
        while (rows > 1 && floats(rows) > 9000) {
            rows--;
        }
        return rows;
    }
    static constexpr int TILE_ROWS = tileRows();
    static constexpr int STRETCH = least(8, COLUMNS);
    static constexpr int STRETCHES = divideUp(COLUMNS, STRETCH);
    static constexpr int SHARED = most(floats(TILE_ROWS), HELPERS / 2 * PAIRS * HIGH * 9);
    static constexpr int CHUNK = divideUp(BATCH, least(BATCH, divideUp(132, BLOCKS)));  // images
    // Into how many bands of rows a chunk is cut where there are too few images to keep a GPU busy.
    static constexpr int BANDS = CHUNK > 1 ? 1 : most(1, least(ROWS / 8, 264 / (BATCH * BLOCKS)));
    static constexpr int BAND = divideUp(ROWS, BANDS);
    static constexpr int CHUNKS = divideUp(BATCH, CHUNK) * BANDS;
};
