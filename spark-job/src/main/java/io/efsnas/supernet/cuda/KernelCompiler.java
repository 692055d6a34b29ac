package io.efsnas.supernet.cuda;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** The functions of NVRTC, CUDA's compiler in a library, that we call; each gives 0 or an error. */
interface KernelCompiler extends Library {

    int nvrtcVersion(IntByReference major, IntByReference minor);

    int nvrtcCreateProgram(
            PointerByReference program, String source, String name, int headers, Pointer contents, Pointer names);

    int nvrtcCompileProgram(Pointer program, int count, String[] options);

    int nvrtcGetProgramLogSize(Pointer program, LongByReference size);

    int nvrtcGetProgramLog(Pointer program, Pointer log);

    int nvrtcGetCUBINSize(Pointer program, LongByReference size);

    int nvrtcGetCUBIN(Pointer program, Pointer image);

    int nvrtcDestroyProgram(PointerByReference program);
}
