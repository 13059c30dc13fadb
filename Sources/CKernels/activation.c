#include "multiversion.h"

// erf by the odd rational approximation that numerical libraries share; within 4e-7 of erf,
// which is +-1 to float precision beyond +-4.
FX_INLINE float erf_rational(float x) {
  const float z = x > 4.0f ? 4.0f : (x < -4.0f ? -4.0f : x), s = z * z;
  float p = -2.72614225801306e-10f;
  p = p * s + 2.77068142495902e-08f;
  p = p * s - 2.10102402082508e-06f;
  p = p * s - 5.69250639462346e-05f;
  p = p * s - 7.34990630326855e-04f;
  p = p * s - 2.95459980854025e-03f;
  p = p * s - 1.60960333262415e-02f;
  float q = -1.45660718464996e-05f;
  q = q * s - 2.13374055278905e-04f;
  q = q * s - 1.68282697438203e-03f;
  q = q * s - 7.37332916720468e-03f;
  q = q * s - 1.42647390514189e-02f;
  return z * p / q;
}

FX_KERNEL void fx_quick_gelu(float *x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = x[i] / (1.0f + fx_exp(-1.702f * x[i]));
}

FX_KERNEL void fx_gelu(float *x, size_t count) {
  for (size_t i = 0; i < count; i++)
    x[i] = 0.5f * x[i] * (1.0f + erf_rational(0.70710678118654752f * x[i]));
}

FX_KERNEL void fx_silu_product(float *gate, const float *up, size_t count) {
  for (size_t i = 0; i < count; i++) gate[i] = gate[i] / (1.0f + fx_exp(-gate[i])) * up[i];
}

FX_KERNEL void fx_rotate_halves(float *x, size_t heads, size_t width, const float *cosines,
                                const float *sines) {
  const size_t half = width / 2;
  for (size_t h = 0; h < heads; h++) {
    float *low = x + h * width, *high = low + half;
    for (size_t i = 0; i < half; i++) {
      const float a = low[i], b = high[i];
      low[i] = a * cosines[i] - b * sines[i];
      high[i] = b * cosines[i] + a * sines[i];
    }
  }
}

FX_KERNEL void fx_rotate_neighbours(float *x, size_t heads, size_t width, const float *cosines,
                                    const float *sines) {
  for (size_t h = 0; h < heads; h++) {
    float *head = x + h * width;
    for (size_t i = 0; i < width / 2; i++) {
      const float a = head[2 * i], b = head[2 * i + 1];
      head[2 * i] = a * cosines[i] - b * sines[i];
      head[2 * i + 1] = b * cosines[i] + a * sines[i];
    }
  }
}
