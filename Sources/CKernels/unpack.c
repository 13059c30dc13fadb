#include "bytes.h"

FX_INLINE void store(const bytes *x, uint8_t u[32]) { __builtin_memcpy(u, x, sizeof *x); }

// `fill` adds the fifth bits to `values`; `lowest` is what code 0 stands for.
#define FX_UNPACK(type, fill, lowest)                                                          \
  FX_KERNEL void fx_unpack_##type(const void *w, size_t groups, uint8_t *u, float *scales,     \
                                  float *minima) {                                             \
    const fx_##type *block = w;                                                                \
    for (size_t g = 0; g < groups; g++, block++) {                                             \
      const float scale = fx_half(block->scale);                                               \
      bytes values;                                                                            \
      load_nibbles(block->nibbles, &values);                                                   \
      fill;                                                                                    \
      store(&values, u + 32 * g);                                                              \
      scales[g] = scale;                                                                       \
      minima[g] = lowest;                                                                      \
    }                                                                                          \
  }

FX_UNPACK(q4_0, , -8 * scale)
FX_UNPACK(q4_1, , fx_half(block->minimum))
FX_UNPACK(q5_0, add_fifths(block->fifths, &values), -16 * scale)
FX_UNPACK(q5_1, add_fifths(block->fifths, &values), fx_half(block->minimum))

FX_KERNEL void fx_unpack_q8_0(const void *w, size_t groups, uint8_t *u, float *scales,
                              float *minima) {
  const fx_q8_0 *blocks = w;
  for (size_t g = 0; g < groups; g++) {
    for (int i = 0; i < 32; i++) u[32 * g + i] = (uint8_t)blocks[g].values[i] ^ 0x80;
    scales[g] = fx_half(blocks[g].scale);
    minima[g] = -128 * scales[g];
  }
}

// Scales and minima of a block's eight groups.
FX_INLINE void scale_block(const uint8_t packed[12], uint16_t scale, uint16_t minimum,
                           float scales[8], float minima[8]) {
  uint8_t s[8], m[8];
  unpack_groups(packed, s, m);
  for (int g = 0; g < 8; g++) {
    scales[g] = fx_half(scale) * (float)s[g];
    minima[g] = -fx_half(minimum) * (float)m[g];
  }
}

FX_KERNEL void fx_unpack_q4_k(const void *w, size_t groups, uint8_t *u, float *scales,
                              float *minima) {
  const fx_q4_k *blocks = w;
  for (size_t b = 0; b < groups / 8; b++) {
    scale_block(blocks[b].groups, blocks[b].scale, blocks[b].minimum, scales + 8 * b,
                minima + 8 * b);
    for (int g = 0; g < 8; g++) {
      bytes values;
      load_group(blocks[b].nibbles + g / 2 * 32, g % 2 * 4, &values);
      store(&values, u + 256 * b + 32 * g);
    }
  }
}

FX_KERNEL void fx_unpack_q5_k(const void *w, size_t groups, uint8_t *u, float *scales,
                              float *minima) {
  const fx_q5_k *blocks = w;
  for (size_t b = 0; b < groups / 8; b++) {
    scale_block(blocks[b].groups, blocks[b].scale, blocks[b].minimum, scales + 8 * b,
                minima + 8 * b);
    bytes fifths;
    __builtin_memcpy(&fifths, blocks[b].fifths, sizeof fifths);
    for (int g = 0; g < 8; g++) {
      bytes values;
      load_group(blocks[b].nibbles + g / 2 * 32, g % 2 * 4, &values);
      values |= (fifths >> g & 1) << 4;
      store(&values, u + 256 * b + 32 * g);
    }
  }
}
