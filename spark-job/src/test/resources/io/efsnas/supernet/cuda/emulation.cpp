// The part of CUDA's driver and of NVRTC that efsnas uses, on a host without a GPU, so that tests run the kernels with
// the same calls as on a card. Memory is filled with NaN when it is allocated, so that what nobody wrote shows.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

struct Index {
    unsigned x, y, z;
};

typedef void (*Kernel)(void**);

extern "C" {
Index emulatedThread, emulatedBlock;
}

namespace {

constexpr size_t STACK = 64 * 1024;

// Saves the registers that a function keeps on the stack, whose top goes to *from, and goes on with the stack of to.
extern "C" void switchStacks(void** from, void* to);

asm(R"(
switchStacks:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");

struct Thread {
    void* top;
    unsigned index;
    Thread *before, *next;  // of those of the block that have not ended, in a ring
    alignas(16) void* stack[STACK / sizeof(void*)];
};

std::vector<Thread*> threads;
Thread* current;
void* outside;
Kernel running;
void* runningStructure;

void runThread() {
    running(&runningStructure);
    Thread* ended = current;
    Thread* next = ended->next;
    ended->before->next = next;
    next->before = ended->before;
    current = next;
    emulatedThread.x = next->index;
    switchStacks(&ended->top, next == ended ? outside : next->top);
}

// Runs all threads of a block in turn, each to its next barrier or its end, until the last one has ended.
void runBlock(unsigned count) {
    while (threads.size() < count) {
        threads.push_back(new Thread);
    }
    for (unsigned i = 0; i < count; i++) {
        Thread* thread = threads[i];
        void** top = thread->stack + STACK / sizeof(void*) - 2;  // so that the stack is aligned as after a call
        *top = (void*) runThread;
        thread->top = top - 6;
        thread->index = i;
        thread->before = threads[(i + count - 1) % count];
        thread->next = threads[(i + 1) % count];
    }
    current = threads[0];
    emulatedThread.x = 0;
    switchStacks(&outside, current->top);
}

struct Launch {
    Kernel kernel;
    Index grid;
    unsigned threads;
    std::vector<char> arguments;

    void run() {
        runningStructure = arguments.data();
        running = kernel;
        for (unsigned z = 0; z < grid.z; z++) {
            for (unsigned y = 0; y < grid.y; y++) {
                for (unsigned x = 0; x < grid.x; x++) {
                    emulatedBlock = {x, y, z};
                    runBlock(threads);
                }
            }
        }
    }
};

typedef std::vector<std::function<void()>> Graph;

Graph* capturing = nullptr;

void submit(std::function<void()> work) {
    if (capturing != nullptr) {
        capturing->push_back(work);
    } else {
        work();
    }
}

struct Program {
    std::string source, log, library;
};

}  // namespace

extern "C" {

void emulatedBarrier() {
    Thread* from = current;
    current = from->next;
    if (current != from) {
        emulatedThread.x = current->index;
        switchStacks(&from->top, current->top);
    }
}

int cuInit(unsigned) { return 0; }
int cuDeviceGetCount(int* count) { return *count = 1, 0; }
int cuDeviceGet(int* device, int ordinal) { return *device = ordinal, 0; }
int cuDeviceGetName(char* name, int length, int) { return snprintf(name, (size_t) length, "an emulated GPU"), 0; }
int cuDeviceGetAttribute(int* value, int attribute, int) { return *value = attribute == 75 ? 9 : 0, 0; }
int cuDevicePrimaryCtxRetain(void** context, int) { return *context = &outside, 0; }
int cuCtxSetCurrent(void*) { return 0; }
int cuMemGetInfo_v2(size_t* free, size_t* total) { return *free = *total = (size_t) 1 << 32, 0; }
int cuGetErrorString(int error, const char** text) { return *text = error == 2 ? "out of memory" : "an error", 0; }

int cuMemAlloc_v2(char** pointer, size_t bytes) {
    if (bytes > ((size_t) 1 << 32)) {
        return 2;
    }
    *pointer = (char*) aligned_alloc(256, (bytes + 255) / 256 * 256);
    memset(*pointer, 0xff, bytes);
    return 0;
}

int cuMemFree_v2(char* pointer) { return free(pointer), 0; }
int cuMemHostAlloc(char** pointer, size_t bytes, unsigned) { return cuMemAlloc_v2(pointer, bytes); }
int cuMemFreeHost(char* pointer) { return free(pointer), 0; }
int cuMemHostGetDevicePointer_v2(char** there, char* here, unsigned) { return *there = here, 0; }
int cuMemcpyHtoDAsync_v2(char* to, const char* from, size_t bytes, void*) { return memcpy(to, from, bytes), 0; }
int cuMemcpyDtoHAsync_v2(char* to, const char* from, size_t bytes, void*) { return memcpy(to, from, bytes), 0; }
int cuMemsetD8Async(char* to, unsigned char value, size_t bytes, void*) { return memset(to, value, bytes), 0; }

int cuModuleLoadData(void** module, const void* image) {
    *module = dlopen((const char*) image, RTLD_NOW | RTLD_LOCAL);
    if (*module == nullptr) {
        fprintf(stderr, "%s\n", dlerror());
        return 301;
    }
    return 0;
}

int cuModuleUnload(void* module) { return dlclose(module), 0; }

int cuModuleGetFunction(void** function, void* module, const char* name) {
    *function = dlsym(module, name);
    return *function == nullptr ? 500 : 0;
}

int cuLaunchKernel(
        void* function, unsigned x, unsigned y, unsigned z, unsigned threads, unsigned, unsigned, unsigned, void*,
        void** arguments, void**) {
    Launch launch;
    launch.kernel = (Kernel) function;
    launch.grid = {x, y, z};
    launch.threads = threads;
    launch.arguments.assign((char*) arguments[0], (char*) arguments[0] + 256);
    submit([launch]() mutable { launch.run(); });
    return 0;
}

int cuStreamCreate(void** stream, unsigned) { return *stream = &outside, 0; }
int cuStreamDestroy_v2(void*) { return 0; }
int cuStreamSynchronize(void*) { return 0; }
int cuStreamWaitEvent(void*, void*, unsigned) { return 0; }
int cuStreamBeginCapture_v2(void*, int) { return capturing = new Graph, 0; }

int cuStreamEndCapture(void*, void** graph) {
    *graph = capturing;
    capturing = nullptr;
    return 0;
}

int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
    *executable = new Graph(*(Graph*) graph);
    return 0;
}

int cuGraphDestroy(void* graph) { return delete (Graph*) graph, 0; }
int cuGraphExecDestroy(void* graph) { return delete (Graph*) graph, 0; }

int cuGraphLaunch(void* graph, void*) {
    for (auto& work : *(Graph*) graph) {
        work();
    }
    return 0;
}

int cuEventCreate(void** event, unsigned) { return *event = malloc(sizeof(timespec)), 0; }
int cuEventDestroy_v2(void* event) { return free(event), 0; }
int cuEventRecord(void*, void*) { return 0; }
int cuEventRecordWithFlags(void* event, void*, unsigned) {
    submit([event]() { clock_gettime(CLOCK_MONOTONIC, (timespec*) event); });
    return 0;
}

int cuEventElapsedTime(float* milliseconds, timespec* start, timespec* end) {
    *milliseconds = (float) ((double) (end->tv_sec - start->tv_sec) * 1e3 + (double) (end->tv_nsec - start->tv_nsec) / 1e6);
    return 0;
}

int cuEventQuery(void*) { return 0; }
int cuEventSynchronize(void*) { return 0; }

int nvrtcVersion(int* major, int* minor) { return *major = 13, *minor = 0, 0; }

int nvrtcCreateProgram(Program** program, const char* source, const char*, int, void*, void*) {
    *program = new Program{source, "", ""};
    return 0;
}

// With g++, which includes emulation.h from beside this library.
int nvrtcCompileProgram(Program* program, int count, const char** options) {
    Dl_info here;
    dladdr((void*) nvrtcCompileProgram, &here);
    std::string folder = std::string(here.dli_fname);
    folder = folder.substr(0, folder.rfind('/'));
    program->library = folder + "/kernels-XXXXXX";
    close(mkstemp(program->library.data()));
    std::string source = program->library + ".cpp", log = program->library + ".log";
    std::ofstream(source) << program->source;
    // Kernels of one name for several shapes are in the process at a time: none may be taken for another.
    std::string command = "g++ -std=c++17 -O1 -w -shared -fPIC -fvisibility=hidden -fno-gnu-unique -ffp-contract=off";
    command += " -include " + folder + "/emulation.h";
    for (int i = 0; i < count; i++) {
        if (strncmp(options[i], "-D", 2) == 0) {
            command += std::string(" ") + options[i];
        }
    }
    command += " -o " + program->library + " " + source + " 2> " + log;
    int status = system(command.c_str());
    std::stringstream text;
    text << std::ifstream(log).rdbuf();
    program->log = text.str();
    unlink(source.c_str());
    unlink(log.c_str());
    return status == 0 ? 0 : 6;
}

int nvrtcGetProgramLogSize(Program* program, size_t* size) { return *size = program->log.size() + 1, 0; }
int nvrtcGetProgramLog(Program* program, char* log) { return strcpy(log, program->log.c_str()), 0; }
int nvrtcGetCUBINSize(Program* program, size_t* size) { return *size = program->library.size() + 1, 0; }
int nvrtcGetCUBIN(Program* program, char* image) { return strcpy(image, program->library.c_str()), 0; }
int nvrtcDestroyProgram(Program** program) { return delete *program, *program = nullptr, 0; }

}
