#include "blocks.h"

FX_KERNEL void fx_widen_f32(const void *x, size_t count, float *y) {
  __builtin_memcpy(y, x, count * sizeof *y);
}

FX_KERNEL void fx_widen_f16(const void *x, size_t count, float *y) {
  const uint16_t *halves = x;
  for (size_t i = 0; i < count; i++) y[i] = fx_half(halves[i]);
}

FX_KERNEL void fx_widen_bf16(const void *x, size_t count, float *y) {
  const uint16_t *halves = x;
  for (size_t i = 0; i < count; i++) y[i] = fx_bfloat(halves[i]);
}

#define FX_WIDEN(type, size)                                              \
  FX_KERNEL void fx_widen_##type(const void *x, size_t count, float *y) { \
    const fx_##type *blocks = x;                                          \
    for (size_t b = 0; b < count / size; b++)                             \
      widen_##type(&blocks[b], y + size * b);                             \
  }

FX_WIDEN(q4_0, 32)
FX_WIDEN(q4_1, 32)
FX_WIDEN(q5_0, 32)
FX_WIDEN(q5_1, 32)
FX_WIDEN(q8_0, 32)
FX_WIDEN(q4_k, 256)
FX_WIDEN(q5_k, 256)
FX_WIDEN(q6_k, 256)
