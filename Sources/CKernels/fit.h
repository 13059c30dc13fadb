// Scales of groups: those that write a group's weights with the least weighted error, searched as
// ggml's reference code searches.
#pragma once
#include "blocks.h"
#include "quantize.h"

// The largest magnitude of a group that counts as nothing.
#define FX_NOTHING 1e-15f

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
// minimum that fit its codes best. The minimum is never above 0.
FX_INLINE affine_fit fit_group(const float x[32], const float weights[32], int top, float first,
                               int steps) {
  FX_EXACT
  float low = x[0], high = x[0], sum_w = 0, sum_x = 0;
  for (int i = 0; i < 32; i++) {
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

// The scales and minima of a block's groups, rounded to the block's own two numbers and six bits.
typedef struct {
  uint16_t scale, minimum;
  uint8_t groups[12];
  float scales[8], minima[8];  // what the rounded ones stand for; minima are subtracted
} group_scales;

FX_INLINE group_scales round_scales(const affine_fit fits[8]) {
  FX_EXACT
  float top_scale = 0, top_minimum = 0;
  for (int g = 0; g < 8; g++) {
    if (fits[g].scale > top_scale) top_scale = fits[g].scale;
    if (-fits[g].minimum > top_minimum) top_minimum = -fits[g].minimum;
  }
  const float inverse_scale = top_scale > 0 ? 63.0f / top_scale : 0;
  const float inverse_minimum = top_minimum > 0 ? 63.0f / top_minimum : 0;
  uint8_t s[8], m[8];
  for (int g = 0; g < 8; g++) {
    s[g] = (uint8_t)nearest(inverse_scale * fits[g].scale, 0, 63);
    m[g] = (uint8_t)nearest(inverse_minimum * -fits[g].minimum, 0, 63);
  }
  group_scales rounded;
  rounded.scale = fx_half_bits(top_scale / 63.0f);
  rounded.minimum = fx_half_bits(top_minimum / 63.0f);
  pack_groups(s, m, rounded.groups);
  for (int g = 0; g < 8; g++) {
    rounded.scales[g] = fx_half(rounded.scale) * (float)s[g];
    rounded.minima[g] = fx_half(rounded.minimum) * (float)m[g];
  }
  return rounded;
}

// MARK: Groups with a scale alone

// The scale, of either sign, that fits `count` weights best; codes are 0...2 half - 1 with half for
// zero.
FX_INLINE float fit_scale(const float *x, const float *weights, int count, int half,
                          uint8_t *codes) {
  FX_EXACT
  float top = 0, extreme = 0;
  for (int i = 0; i < count; i++) {
    const float magnitude = __builtin_fabsf(x[i]);
    if (magnitude > top) {
      top = magnitude;
      extreme = x[i];
    }
  }
  for (int i = 0; i < count; i++) codes[i] = 0;
  if (top < FX_NOTHING) return 0;
  float scale = 0, best = 0;
  for (int step = 0; step <= 18; step++) {
    // The plain spacing first, then nine wider and nine narrower ones.
    const int offset = step == 0 ? 0 : step <= 9 ? step - 10 : step - 9;
    const float inverse = -((float)half + 0.1f * (float)offset) / extreme;
    float sum_lx = 0, sum_ll = 0;
    uint8_t tried[32];
    for (int i = 0; i < count; i++) {
      const int value = nearest(inverse * x[i], -half, half - 1);
      tried[i] = (uint8_t)(value + half);
      const float code = (float)value;
      sum_lx += weights[i] * x[i] * code;
      sum_ll += weights[i] * code * code;
    }
    if (step > 0 && !(sum_ll > 0 && sum_lx * sum_lx > best * sum_ll)) continue;
    scale = sum_ll != 0 ? sum_lx / sum_ll : 0;
    best = scale * sum_lx;
    for (int i = 0; i < count; i++) codes[i] = tried[i];
  }
  return scale;
}

// MARK: Packing

// Codes of a K block to nibbles: each 32 bytes hold two groups.
FX_INLINE void pack_block_nibbles(const uint8_t codes[256], uint8_t nibbles[128]) {
  for (int i = 0; i < 128; i++) {
    const uint8_t *pair = codes + i / 32 * 64 + i % 32;
    nibbles[i] = (uint8_t)((pair[0] & 15) | (pair[32] & 15) << 4);
  }
}
