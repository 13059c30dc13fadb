#pragma once
#include "CKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#define FX_KERNEL \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FX_KERNEL
#endif

// Sums may be reordered: without this licence a float reduction stays scalar.
#define FX_REORDER _Pragma("clang fp reassociate(on) contract(fast)")

// Products and sums are rounded one by one, as other implementations round them.
#define FX_EXACT _Pragma("clang fp contract(off)")

#define FX_INLINE static inline __attribute__((always_inline))

FX_INLINE float fx_half(uint16_t bits) {
  _Float16 value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return (float)value;
}

FX_INLINE uint16_t fx_half_bits(float value) {
  const _Float16 half = (_Float16)value;
  uint16_t bits;
  __builtin_memcpy(&bits, &half, sizeof bits);
  return bits;
}

FX_INLINE float fx_bfloat(uint16_t bits) {
  const uint32_t wide = (uint32_t)bits << 16;
  float value;
  __builtin_memcpy(&value, &wide, sizeof value);
  return value;
}

// exp(x) to 2 ulp: x = n ln 2 + r, the polynomial of Cephes for r, the exponent field for 2^n.
// Below the smallest normal result it returns 0, so that exp(-inf) is 0 exactly; of NaN it returns NaN.
FX_INLINE float fx_exp(float x) {
  // NaN fails both comparisons: no integer has its value.
  const float clamped = x < 88.0f ? (x > -87.3f ? x : -87.3f) : 88.0f;
  const float scaled = clamped * 1.44269504f;
  const int32_t n = (int32_t)(scaled + (scaled < 0 ? -0.5f : 0.5f));
  const float r = (clamped - (float)n * 0.693359375f) + (float)n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float mantissa = p * r * r + r + 1.0f;
  const uint32_t bits = (uint32_t)(n + 127) << 23;
  float power;
  __builtin_memcpy(&power, &bits, sizeof power);
  return x < -87.3f ? 0.0f : (x == x ? mantissa * power : x);
}
