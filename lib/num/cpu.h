/* The one place that asks the processor how wide its registers are. A loop is written once, as an always_inline function `loop`, and compiled
 * for each width; the function `name` that these macros define runs the widest that this processor has. No fused multiplication (-std=c17 does
 * not contract), so every width rounds alike where the loop fixes the order of its sums.
 *
 *     CPU_TO_AVX2(void, dot_rows, all, (const float *x, size_t n), (x, n))
 *
 * gives `void dot_rows(const float *x, size_t n)`, which calls all(x, n) or the same code for AVX2; CPU_TO_AVX512 has one width more. The first
 * word is the result, `void` or a number; a declaration before the macro makes the function
 * static or not. */
#ifndef MVTI_NUM_CPU_H
#define MVTI_NUM_CPU_H

#define CPU_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)

/* gcc would take half of the width of such a processor; clang knows no such wish. */
#ifdef __clang__
#define CPU_WIDEST "avx512f"
#else
#define CPU_WIDEST "avx512f,prefer-vector-width=512"
#endif

#define CPU_HAS_AVX512 __builtin_cpu_supports("avx512f")
/* What compilers call skylake-avx512, and OpenBLAS SkylakeX. */
#define CPU_HAS_SKYLAKEX                                                                                     \
    (CPU_HAS_AVX512 && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&           \
     __builtin_cpu_supports("avx512vl"))
#define CPU_HAS_AVX2 __builtin_cpu_supports("avx2")
#define CPU_HAS_FMA __builtin_cpu_supports("fma")

/* The same loop under another name, for one kind of processor. */
#define CPU_FOR(target_name, result, loop, suffix, parameters, arguments)                                    \
    __attribute__((target(target_name))) static result loop##suffix parameters                               \
    {                                                                                                        \
        return loop arguments;                                                                               \
    }

#define CPU_TO_AVX2(result, name, loop, parameters, arguments)                                               \
    CPU_FOR("avx2", result, loop, _avx2, parameters, arguments)                                              \
    result name parameters                                                                                   \
    {                                                                                                        \
        return CPU_HAS_AVX2 ? loop##_avx2 arguments : loop arguments;                                        \
    }

#define CPU_TO_AVX512(result, name, loop, parameters, arguments)                                             \
    CPU_FOR(CPU_WIDEST, result, loop, _avx512, parameters, arguments)                                        \
    CPU_FOR("avx2", result, loop, _avx2, parameters, arguments)                                              \
    result name parameters                                                                                   \
    {                                                                                                        \
        return CPU_HAS_AVX512 ? loop##_avx512 arguments                                                      \
               : CPU_HAS_AVX2 ? loop##_avx2 arguments                                                        \
                              : loop arguments;                                                              \
    }

#else

#define CPU_HAS_AVX512 0
#define CPU_HAS_SKYLAKEX 0
#define CPU_HAS_AVX2 0
#define CPU_HAS_FMA 0
#define CPU_TO_AVX2(result, name, loop, parameters, arguments)                                               \
    result name parameters                                                                                   \
    {                                                                                                        \
        return loop arguments;                                                                               \
    }
#define CPU_TO_AVX512 CPU_TO_AVX2

#endif

#endif
