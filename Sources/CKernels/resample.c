#include "multiversion.h"

#define FRACTION_BITS 22

FX_INLINE uint8_t sample(int32_t sum) {
  const int32_t value = sum >> FRACTION_BITS;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

FX_KERNEL void fx_resample_row(const uint8_t *pixels, const int32_t *starts, const int32_t *counts,
                               const int32_t *weights, size_t taps, size_t count, uint8_t *y) {
  for (size_t i = 0; i < count; i++) {
    const uint8_t *x = pixels + 3 * starts[i];
    const int32_t *w = weights + i * taps;
    int32_t red = 1 << (FRACTION_BITS - 1), green = red, blue = red;
    for (int32_t t = 0; t < counts[i]; t++) {
      red += x[3 * t] * w[t];
      green += x[3 * t + 1] * w[t];
      blue += x[3 * t + 2] * w[t];
    }
    y[3 * i] = sample(red);
    y[3 * i + 1] = sample(green);
    y[3 * i + 2] = sample(blue);
  }
}

FX_KERNEL void fx_blend_rows(const uint8_t *rows, const int32_t *weights, size_t taps, size_t count,
                             uint8_t *y) {
  enum { BLOCK = 64 };  // sums that stay in registers
  for (size_t start = 0; start < count; start += BLOCK) {
    const size_t width = count - start < BLOCK ? count - start : BLOCK;
    int32_t sums[BLOCK];
    for (size_t i = 0; i < width; i++) sums[i] = 1 << (FRACTION_BITS - 1);
    for (size_t t = 0; t < taps; t++) {
      const uint8_t *x = rows + t * count + start;
      for (size_t i = 0; i < width; i++) sums[i] += x[i] * weights[t];
    }
    for (size_t i = 0; i < width; i++) y[start + i] = sample(sums[i]);
  }
}
