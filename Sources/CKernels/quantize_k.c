// Types with 256 weights a block: groups search for their scales, the block rounds the scales to a
// few bits, then every weight takes the nearest code.
#include "blocks.h"
#include "quantize.h"

// The largest magnitude of a group that counts as nothing.
#define NOTHING 1e-15f

// MARK: Groups of 32 with a scale and a minimum

// One way of writing a group: weight = scale * code + minimum.
typedef struct {
  float scale, minimum, error;
  uint8_t codes[32];
} affine_fit;

FX_INLINE float squared_error(const float x[32], const float weights[32], const affine_fit *fit) {
  FX_EXACT
  float error = 0;
  for (int i = 0; i < 32; i++) {
    const float difference = fit->scale * (float)fit->codes[i] + fit->minimum - x[i];
    error += weights[i] * (difference * difference);
  }
  return error;
}

// Tries `steps` + 1 spacings, from `first` codes more than there are, each with the scale and the
// minimum that fit its codes best; large weights count more. The minimum is never above 0.
FX_INLINE affine_fit fit_group(const float x[32], int top, float first, int steps) {
  FX_EXACT
  float squares = 0, weights[32];
  for (int i = 0; i < 32; i++) squares += x[i] * x[i];
  const float mean = __builtin_sqrtf(squares / 32);
  float low = x[0], high = x[0], sum_w = 0, sum_x = 0;
  for (int i = 0; i < 32; i++) {
    weights[i] = mean + __builtin_fabsf(x[i]);
    if (x[i] < low) low = x[i];
    if (x[i] > high) high = x[i];
    sum_w += weights[i];
    sum_x += weights[i] * x[i];
  }
  affine_fit best = {0, low > 0 ? 0 : low, 0, {0}};
  if (high == best.minimum) return best;
  float inverse = (float)top / (high - best.minimum);
  best.scale = 1 / inverse;
  for (int i = 0; i < 32; i++)
    best.codes[i] = (uint8_t)nearest(inverse * (x[i] - best.minimum), 0, top);
  best.error = squared_error(x, weights, &best);

  for (int step = 0; step <= steps; step++) {
    affine_fit fit;
    inverse = (first + 0.1f * (float)step + (float)top) / (high - best.minimum);
    float sum_l = 0, sum_ll = 0, sum_lx = 0;
    for (int i = 0; i < 32; i++) {
      fit.codes[i] = (uint8_t)nearest(inverse * (x[i] - best.minimum), 0, top);
      const float code = (float)fit.codes[i], weighted = weights[i] * code;
      sum_l += weighted;
      sum_ll += weighted * code;
      sum_lx += weighted * x[i];
    }
    const float determinant = sum_w * sum_ll - sum_l * sum_l;
    if (!(determinant > 0)) continue;
    fit.scale = (sum_w * sum_lx - sum_x * sum_l) / determinant;
    fit.minimum = (sum_ll * sum_x - sum_l * sum_lx) / determinant;
    if (fit.minimum > 0) {
      fit.minimum = 0;
      fit.scale = sum_lx / sum_ll;
    }
    fit.error = squared_error(x, weights, &fit);
    if (fit.error < best.error) best = fit;
  }
  return best;
}

FX_INLINE void pack_groups(const uint8_t scales[8], const uint8_t minima[8], uint8_t packed[12]) {
  for (int g = 0; g < 4; g++) {
    packed[g] = (uint8_t)(scales[g] | scales[g + 4] >> 4 << 6);
    packed[g + 4] = (uint8_t)(minima[g] | minima[g + 4] >> 4 << 6);
    packed[g + 8] = (uint8_t)((scales[g + 4] & 15) | (minima[g + 4] & 15) << 4);
  }
}

FX_INLINE void affine_block(const float x[256], int top, float first, int steps, uint16_t *scale,
                            uint16_t *minimum, uint8_t packed[12], uint8_t codes[256]) {
  FX_EXACT
  float scales[8], minima[8], top_scale = 0, top_minimum = 0;
  for (int g = 0; g < 8; g++) {
    const affine_fit fit = fit_group(x + 32 * g, top, first, steps);
    scales[g] = fit.scale;
    minima[g] = -fit.minimum;
    if (scales[g] > top_scale) top_scale = scales[g];
    if (minima[g] > top_minimum) top_minimum = minima[g];
    __builtin_memcpy(codes + 32 * g, fit.codes, 32);
  }
  const float inverse_scale = top_scale > 0 ? 63.0f / top_scale : 0;
  const float inverse_minimum = top_minimum > 0 ? 63.0f / top_minimum : 0;
  uint8_t s[8], m[8];
  for (int g = 0; g < 8; g++) {
    s[g] = (uint8_t)nearest(inverse_scale * scales[g], 0, 63);
    m[g] = (uint8_t)nearest(inverse_minimum * minima[g], 0, 63);
  }
  pack_groups(s, m, packed);
  *scale = fx_half_bits(top_scale / 63.0f);
  *minimum = fx_half_bits(top_minimum / 63.0f);
  for (int g = 0; g < 8; g++) {
    const float group_scale = fx_half(*scale) * (float)s[g];
    if (group_scale == 0) continue;
    const float group_minimum = fx_half(*minimum) * (float)m[g];
    for (int i = 32 * g; i < 32 * g + 32; i++)
      codes[i] = (uint8_t)nearest((x[i] + group_minimum) / group_scale, 0, top);
  }
}

FX_INLINE void pack_nibbles(const uint8_t codes[256], uint8_t nibbles[128]) {
  for (int i = 0; i < 128; i++) {
    const uint8_t *pair = codes + i / 32 * 64 + i % 32;
    nibbles[i] = (uint8_t)((pair[0] & 15) | (pair[32] & 15) << 4);
  }
}

FX_KERNEL void fx_quantize_q4_k(const float *x, size_t count, void *y) {
  fx_q4_k *block = y;
  uint8_t codes[256];
  for (size_t i = 0; i < count; i += 256, block++) {
    affine_block(x + i, 15, -1, 20, &block->scale, &block->minimum, block->groups, codes);
    pack_nibbles(codes, block->nibbles);
  }
}

FX_KERNEL void fx_quantize_q5_k(const float *x, size_t count, void *y) {
  fx_q5_k *block = y;
  uint8_t codes[256];
  for (size_t i = 0; i < count; i += 256, block++) {
    affine_block(x + i, 31, -0.5f, 15, &block->scale, &block->minimum, block->groups, codes);
    pack_nibbles(codes, block->nibbles);
    for (int k = 0; k < 32; k++) {
      uint8_t fifths = 0;
      for (int g = 0; g < 8; g++) fifths |= (uint8_t)(codes[32 * g + k] >> 4 << g);
      block->fifths[k] = fifths;
    }
  }
}

// MARK: Groups of 16 with a scale

// The scale, of either sign, that fits a group best; codes are 0...63 with 32 for zero. Squares of
// the weights are the errors' weights.
FX_INLINE float fit_scale(const float x[16], uint8_t codes[16]) {
  FX_EXACT
  float top = 0, extreme = 0;
  for (int i = 0; i < 16; i++) {
    const float magnitude = __builtin_fabsf(x[i]);
    if (magnitude > top) {
      top = magnitude;
      extreme = x[i];
    }
  }
  for (int i = 0; i < 16; i++) codes[i] = 0;
  if (top < NOTHING) return 0;
  float scale = 0, best = 0;
  for (int step = 0; step <= 18; step++) {
    // The plain spacing first, then nine wider and nine narrower ones.
    const int offset = step == 0 ? 0 : step <= 9 ? step - 10 : step - 9;
    const float inverse = -(32 + 0.1f * (float)offset) / extreme;
    float sum_lx = 0, sum_ll = 0;
    uint8_t tried[16];
    for (int i = 0; i < 16; i++) {
      const int value = nearest(inverse * x[i], -32, 31);
      tried[i] = (uint8_t)(value + 32);
      const float code = (float)value, weight = x[i] * x[i];
      sum_lx += weight * x[i] * code;
      sum_ll += weight * code * code;
    }
    if (step > 0 && !(sum_ll > 0 && sum_lx * sum_lx > best * sum_ll)) continue;
    scale = sum_ll != 0 ? sum_lx / sum_ll : 0;
    best = scale * sum_lx;
    for (int i = 0; i < 16; i++) codes[i] = tried[i];
  }
  return scale;
}

FX_KERNEL void fx_quantize_q6_k(const float *x, size_t count, void *y) {
  FX_EXACT
  fx_q6_k *block = y;
  for (size_t start = 0; start < count; start += 256, block++) {
    const float *values = x + start;
    uint8_t codes[256];
    float scales[16], top = 0, extreme = 0;
    for (int g = 0; g < 16; g++) {
      scales[g] = fit_scale(values + 16 * g, codes + 16 * g);
      if (__builtin_fabsf(scales[g]) > top) {
        top = __builtin_fabsf(scales[g]);
        extreme = scales[g];
      }
    }
    if (top < NOTHING) {
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
