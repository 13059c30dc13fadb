#include "quantize.h"

FX_KERNEL void fx_quantize_f32(const float *x, size_t count, void *y) {
  __builtin_memcpy(y, x, count * sizeof *x);
}

FX_KERNEL void fx_quantize_f16(const float *x, size_t count, void *y) {
  uint16_t *halves = y;
  for (size_t i = 0; i < count; i++) halves[i] = fx_half_bits(x[i]);
}

// To the nearest, ties to even.
FX_KERNEL void fx_quantize_bf16(const float *x, size_t count, void *y) {
  uint16_t *halves = y;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, &x[i], sizeof bits);
    halves[i] = (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
  }
}

// The number of the largest magnitude, the first where several share it.
FX_INLINE float extreme(const float x[32]) {
  float top = 0, value = 0;
  for (int i = 0; i < 32; i++) {
    const float magnitude = __builtin_fabsf(x[i]);
    if (magnitude > top) {
      top = magnitude;
      value = x[i];
    }
  }
  return value;
}

FX_INLINE void bounds(const float x[32], float *low, float *high) {
  *low = *high = x[0];
  for (int i = 1; i < 32; i++) {
    if (x[i] < *low) *low = x[i];
    if (x[i] > *high) *high = x[i];
  }
}

FX_INLINE float reciprocal(float x) { return x != 0 ? 1.0f / x : 0.0f; }

FX_INLINE void pack_fifths(const uint8_t codes[32], uint8_t fifths[4]) {
  uint32_t high = 0;
  for (int i = 0; i < 32; i++) high |= (uint32_t)(codes[i] >> 4 & 1) << i;
  __builtin_memcpy(fifths, &high, sizeof high);
}

// The scale maps the extreme to the most negative code, which has no positive twin.
FX_INLINE void symmetric_codes(const float x[32], int half, uint16_t *scale, uint8_t codes[32]) {
  FX_EXACT
  const float s = extreme(x) / (float)-half, inverse = reciprocal(s);
  *scale = fx_half_bits(s);
  for (int i = 0; i < 32; i++)
    codes[i] = clamp_code(x[i] * inverse + ((float)half + 0.5f), 2 * half - 1);
}

FX_INLINE void affine_codes(const float x[32], int top, uint16_t *scale, uint16_t *minimum,
                            uint8_t codes[32]) {
  FX_EXACT
  float low, high;
  bounds(x, &low, &high);
  const float s = (high - low) / (float)top, inverse = reciprocal(s);
  *scale = fx_half_bits(s);
  *minimum = fx_half_bits(low);
  for (int i = 0; i < 32; i++) codes[i] = clamp_code((x[i] - low) * inverse + 0.5f, top);
}

FX_KERNEL void fx_quantize_q4_0(const float *x, size_t count, void *y) {
  fx_q4_0 *block = y;
  uint8_t codes[32];
  for (size_t i = 0; i < count; i += 32, block++) {
    symmetric_codes(x + i, 8, &block->scale, codes);
    pack_nibbles(codes, block->nibbles);
  }
}

FX_KERNEL void fx_quantize_q4_1(const float *x, size_t count, void *y) {
  fx_q4_1 *block = y;
  uint8_t codes[32];
  for (size_t i = 0; i < count; i += 32, block++) {
    affine_codes(x + i, 15, &block->scale, &block->minimum, codes);
    pack_nibbles(codes, block->nibbles);
  }
}

FX_KERNEL void fx_quantize_q5_0(const float *x, size_t count, void *y) {
  fx_q5_0 *block = y;
  uint8_t codes[32];
  for (size_t i = 0; i < count; i += 32, block++) {
    symmetric_codes(x + i, 16, &block->scale, codes);
    pack_nibbles(codes, block->nibbles);
    pack_fifths(codes, block->fifths);
  }
}

FX_KERNEL void fx_quantize_q5_1(const float *x, size_t count, void *y) {
  fx_q5_1 *block = y;
  uint8_t codes[32];
  for (size_t i = 0; i < count; i += 32, block++) {
    affine_codes(x + i, 31, &block->scale, &block->minimum, codes);
    pack_nibbles(codes, block->nibbles);
    pack_fifths(codes, block->fifths);
  }
}

FX_KERNEL void fx_quantize_q8_0(const float *x, size_t count, void *y) {
  FX_EXACT
  fx_q8_0 *block = y;
  for (size_t i = 0; i < count; i += 32, block++) {
    const float scale = __builtin_fabsf(extreme(x + i)) / 127.0f, inverse = reciprocal(scale);
    block->scale = fx_half_bits(scale);
    for (int k = 0; k < 32; k++) block->values[k] = (int8_t)__builtin_roundf(x[i + k] * inverse);
  }
}
