#include "multiversion.h"

FX_KERNEL void fx_widen_f16(const uint16_t *x, size_t count, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = fx_half(x[i]);
}

FX_KERNEL void fx_widen_bf16(const uint16_t *x, size_t count, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = fx_bfloat(x[i]);
}

FX_KERNEL void fx_widen_q8_0(const fx_q8_0 *x, size_t blocks, float *y) {
  for (size_t b = 0; b < blocks; b++) {
    const float scale = fx_half(x[b].scale);
    for (size_t i = 0; i < 32; i++) y[32 * b + i] = scale * (float)x[b].values[i];
  }
}
