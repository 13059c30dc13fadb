// Types with 256 weights a block: groups search for their scales, the block rounds the scales to a
// few bits, then every weight takes the nearest code.
#include "fit.h"

// Large weights count more.
FX_INLINE void magnitudes(const float x[32], float weights[32]) {
  FX_EXACT
  float squares = 0;
  for (int i = 0; i < 32; i++) squares += x[i] * x[i];
  const float mean = __builtin_sqrtf(squares / 32);
  for (int i = 0; i < 32; i++) weights[i] = mean + __builtin_fabsf(x[i]);
}

FX_INLINE group_scales affine_block(const float x[256], int top, float first, int steps,
                                    uint8_t codes[256]) {
  FX_EXACT
  affine_fit fits[8];
  for (int g = 0; g < 8; g++) {
    float weights[32];
    magnitudes(x + 32 * g, weights);
    fits[g] = fit_group(x + 32 * g, weights, top, first, steps);
    __builtin_memcpy(codes + 32 * g, fits[g].codes, 32);
  }
  const group_scales rounded = round_scales(fits);
  for (int g = 0; g < 8; g++) {
    if (rounded.scales[g] == 0) continue;
    for (int i = 32 * g; i < 32 * g + 32; i++)
      codes[i] = (uint8_t)nearest((x[i] + rounded.minima[g]) / rounded.scales[g], 0, top);
  }
  return rounded;
}

FX_KERNEL void fx_quantize_q4_k(const float *x, size_t count, void *y) {
  fx_q4_k *block = y;
  uint8_t codes[256];
  for (size_t i = 0; i < count; i += 256, block++) {
    const group_scales scales = affine_block(x + i, 15, -1, 20, codes);
    __builtin_memcpy(block, &scales, 16);  // both begin with scale, minimum and groups
    pack_block_nibbles(codes, block->nibbles);
  }
}

FX_KERNEL void fx_quantize_q5_k(const float *x, size_t count, void *y) {
  fx_q5_k *block = y;
  uint8_t codes[256];
  for (size_t i = 0; i < count; i += 256, block++) {
    const group_scales scales = affine_block(x + i, 31, -0.5f, 15, codes);
    __builtin_memcpy(block, &scales, 16);
    pack_block_nibbles(codes, block->nibbles);
    for (int k = 0; k < 32; k++) {
      uint8_t fifths = 0;
      for (int g = 0; g < 8; g++) fifths |= (uint8_t)(codes[32 * g + k] >> 4 << g);
      block->fifths[k] = fifths;
    }
  }
}

FX_KERNEL void fx_quantize_q6_k(const float *x, size_t count, void *y) {
  FX_EXACT
  fx_q6_k *block = y;
  for (size_t start = 0; start < count; start += 256, block++) {
    const float *values = x + start;
    uint8_t codes[256];
    float scales[16], top = 0, extreme = 0;
    for (int g = 0; g < 16; g++) {
      float weights[16];
      for (int i = 0; i < 16; i++) weights[i] = values[16 * g + i] * values[16 * g + i];
      scales[g] = fit_scale(values + 16 * g, weights, 16, 32, codes + 16 * g);
      if (__builtin_fabsf(scales[g]) > top) {
        top = __builtin_fabsf(scales[g]);
        extreme = scales[g];
      }
    }
    if (top < FX_NOTHING) {
      *block = (fx_q6_k){0};
      continue;
    }
    const float inverse = -128.0f / extreme;
    block->scale = fx_half_bits(1 / inverse);
    for (int g = 0; g < 16; g++) {
      block->groups[g] = (int8_t)nearest(inverse * scales[g], -128, 127);
      const float scale = fx_half(block->scale) * (float)block->groups[g];
      if (scale == 0) continue;
      for (int i = 16 * g; i < 16 * g + 16; i++)
        codes[i] = (uint8_t)(nearest(values[i] / scale, -32, 31) + 32);
    }
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < 32; i++) {
        const uint8_t *c = codes + 128 * half + i;
        block->nibbles[64 * half + i] = (uint8_t)((c[0] & 15) | (c[64] & 15) << 4);
        block->nibbles[64 * half + 32 + i] = (uint8_t)((c[32] & 15) | (c[96] & 15) << 4);
        block->pairs[32 * half + i] =
            (uint8_t)(c[0] >> 4 | c[32] >> 4 << 2 | c[64] >> 4 << 4 | c[96] >> 4 << 6);
      }
    }
  }
}
