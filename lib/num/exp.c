#include "num/exp.h"

#include <stdint.h>
#include <string.h>

#include "num/cpu.h"

enum { LANES = 16 };

/* eˣ = 2ᵏ·e^f, f = x − k·ln 2 in ±0.35. Adding 1.5·2²³ leaves k in the low bits of the float, which become
 * the exponent. The coefficients are those of Cephes' expf. */
CPU_INLINE float exponential(float x)
{
    const float magic = 12582912.0f;
    float t = x * 1.44269504f + magic, k = t - magic;
    float f = x - k * 0.693359375f - k * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * f + 1.3981999507e-3f;
    p = p * f + 8.3334519073e-3f;
    p = p * f + 4.1665795894e-2f;
    p = p * f + 1.6666665459e-1f;
    p = p * f + 5.0000001201e-1f;
    p = p * f * f + f + 1;
    uint32_t bits;
    float power;
    memcpy(&bits, &t, sizeof bits);
    bits = (bits + 127) << 23;
    memcpy(&power, &bits, sizeof power);
    /* Masks, not branches: a comparison may trap, so the compiler would not turn branches into them. */
    uint32_t low = -(uint32_t)(x < -87.3f), high = -(uint32_t)(x > 88.3f);
    float y = p * power;
    memcpy(&bits, &y, sizeof bits);
    bits = (bits & ~(low | high)) | (high & 0x7f800000u);
    memcpy(&y, &bits, sizeof y);
    return y;
}

CPU_INLINE void each(const float *x, float by, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = exponential(by * x[i]);
}

CPU_INLINE double sum(float *x, float shift, size_t n)
{
    float part[LANES] = {0};
    double total = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t c = 0; c < LANES; c++) {
            x[i + c] = exponential(x[i + c] - shift);
            part[c] += x[i + c];
        }
    for (; i < n; i++) {
        x[i] = exponential(x[i] - shift);
        total += (double)x[i];
    }
    for (size_t c = 0; c < LANES; c++)
        total += (double)part[c];
    return total;
}

CPU_TO_AVX2(void, exp_each, each, (const float *x, float by, float *y, size_t n), (x, by, y, n))
CPU_TO_AVX2(double, exp_sum, sum, (float *x, float shift, size_t n), (x, shift, n))
