// One block of packed weights to floats, with the bits of ggml's own dequantisation.
#pragma once
#include "multiversion.h"

FX_INLINE void widen_q4_0(const fx_q4_0 *x, float *y) {
  FX_EXACT
  const float scale = fx_half(x->scale);
  for (int i = 0; i < 16; i++) {
    y[i] = scale * (float)((x->nibbles[i] & 15) - 8);
    y[i + 16] = scale * (float)((x->nibbles[i] >> 4) - 8);
  }
}

FX_INLINE void widen_q4_1(const fx_q4_1 *x, float *y) {
  FX_EXACT
  const float scale = fx_half(x->scale), minimum = fx_half(x->minimum);
  for (int i = 0; i < 16; i++) {
    y[i] = scale * (float)(x->nibbles[i] & 15) + minimum;
    y[i + 16] = scale * (float)(x->nibbles[i] >> 4) + minimum;
  }
}

// The five-bit values of a block, 0...31, in order.
FX_INLINE void five_bits(const uint8_t fifths[4], const uint8_t nibbles[16], int32_t y[32]) {
  uint32_t high;
  __builtin_memcpy(&high, fifths, sizeof high);
  for (int i = 0; i < 16; i++) {
    y[i] = (int32_t)((nibbles[i] & 15) | (high >> i & 1) << 4);
    y[i + 16] = (int32_t)((nibbles[i] >> 4) | (high >> (i + 16) & 1) << 4);
  }
}

FX_INLINE void widen_q5_0(const fx_q5_0 *x, float *y) {
  FX_EXACT
  const float scale = fx_half(x->scale);
  int32_t values[32];
  five_bits(x->fifths, x->nibbles, values);
  for (int i = 0; i < 32; i++) y[i] = scale * (float)(values[i] - 16);
}

FX_INLINE void widen_q5_1(const fx_q5_1 *x, float *y) {
  FX_EXACT
  const float scale = fx_half(x->scale), minimum = fx_half(x->minimum);
  int32_t values[32];
  five_bits(x->fifths, x->nibbles, values);
  for (int i = 0; i < 32; i++) y[i] = scale * (float)values[i] + minimum;
}

FX_INLINE void widen_q8_0(const fx_q8_0 *x, float *y) {
  FX_EXACT
  const float scale = fx_half(x->scale);
  for (int i = 0; i < 32; i++) y[i] = scale * (float)x->values[i];
}

// Six-bit scales and minima of the eight groups. Bytes 0...3 and 4...7 hold those of groups 0...3
// and, in their top two bits, the top of groups 4...7, whose low four bits share bytes 8...11.
FX_INLINE void unpack_groups(const uint8_t packed[12], uint8_t scales[8], uint8_t minima[8]) {
  uint32_t x[3];  // four groups each
  __builtin_memcpy(x, packed, sizeof x);
  const uint32_t s[2] = {x[0] & 0x3f3f3f3f, (x[2] & 0x0f0f0f0f) | (x[0] >> 2 & 0x30303030)};
  const uint32_t m[2] = {x[1] & 0x3f3f3f3f, (x[2] >> 4 & 0x0f0f0f0f) | (x[1] >> 2 & 0x30303030)};
  __builtin_memcpy(scales, s, sizeof s);
  __builtin_memcpy(minima, m, sizeof m);
}

FX_INLINE void widen_q4_k(const fx_q4_k *x, float *y) {
  FX_EXACT
  uint8_t scales[8], minima[8];
  unpack_groups(x->groups, scales, minima);
  const float scale = fx_half(x->scale), minimum = fx_half(x->minimum);
  for (int g = 0; g < 8; g++) {
    const float s = scale * (float)scales[g], m = minimum * (float)minima[g];
    const uint8_t *nibbles = x->nibbles + g / 2 * 32;
    const int shift = g % 2 * 4;
    for (int i = 0; i < 32; i++) y[32 * g + i] = s * (float)(nibbles[i] >> shift & 15) - m;
  }
}

FX_INLINE void widen_q5_k(const fx_q5_k *x, float *y) {
  FX_EXACT
  uint8_t scales[8], minima[8];
  unpack_groups(x->groups, scales, minima);
  const float scale = fx_half(x->scale), minimum = fx_half(x->minimum);
  for (int g = 0; g < 8; g++) {
    const float s = scale * (float)scales[g], m = minimum * (float)minima[g];
    const uint8_t *nibbles = x->nibbles + g / 2 * 32;
    const int shift = g % 2 * 4;
    for (int i = 0; i < 32; i++) {
      const int value = (nibbles[i] >> shift & 15) | (x->fifths[i] >> g & 1) << 4;
      y[32 * g + i] = s * (float)value - m;
    }
  }
}

// A half block of 128 weights has 64 nibble bytes and 32 bytes of upper pairs; its four runs of 32
// take the low then the high nibbles, and the pairs from the lowest up.
FX_INLINE void widen_q6_k(const fx_q6_k *x, float *y) {
  FX_EXACT
  const float scale = fx_half(x->scale);
  for (int run = 0; run < 8; run++) {
    const uint8_t *nibbles = x->nibbles + run / 4 * 64 + run % 2 * 32;
    const uint8_t *pairs = x->pairs + run / 4 * 32;
    const int nibble = run % 4 / 2 * 4, pair = run % 4 * 2;
    const float first = scale * (float)x->groups[2 * run];
    const float second = scale * (float)x->groups[2 * run + 1];
    for (int i = 0; i < 32; i++) {
      const int value = (nibbles[i] >> nibble & 15) | (pairs[i] >> pair & 3) << 4;
      y[32 * run + i] = (i < 16 ? first : second) * (float)(value - 32);
    }
  }
}
