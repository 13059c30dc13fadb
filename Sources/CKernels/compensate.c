// Error-compensated rounding (GPTQ: Frantar et al., arXiv 2210.17323): what a weight loses by being
// rounded is made up for by the weights after it, as far as their inputs go together.
#include "fit.h"

// Codes of `group` with scale * code + minimum. The error of each, in units of its own freedom, is
// taken off all weights behind it.
FX_INLINE void compensate_group(float *w, size_t from, size_t to, size_t count, const float *upper,
                                size_t stride, float scale, float minimum, int top, float *errors,
                                uint8_t *codes) {
  for (size_t i = from; i < to; i++) {
    const int code = scale != 0 ? nearest((w[i] - minimum) / scale, 0, top) : 0;
    const float *row = upper + i * stride;
    const float error = (w[i] - (scale * (float)code + minimum)) / row[i];
    codes[i] = (uint8_t)code;
    errors[i] = error;
    for (size_t k = i + 1; k < count; k++) w[k] -= error * row[k];
  }
}

// How much an error of each of 32 weights costs once those behind it have made up for it.
FX_INLINE void importances(const float *upper, size_t stride, size_t from, float weights[32]) {
  for (size_t i = 0; i < 32; i++) {
    const float freedom = upper[(from + i) * stride + from + i];
    weights[i] = 1.0f / (freedom * freedom);
  }
}

FX_KERNEL void fx_compensate_q4_0(float *w, size_t count, const float *upper, size_t stride,
                                  float *errors, void *y) {
  fx_q4_0 *block = y;
  float weights[32];
  uint8_t codes[256];
  for (size_t i = 0; i < count; i += 32, block++) {
    importances(upper, stride, i, weights);
    block->scale = fx_half_bits(fit_scale(w + i, weights, 32, 8, codes));
    const float scale = fx_half(block->scale);
    compensate_group(w, i, i + 32, count, upper, stride, scale, -8 * scale, 15, errors, codes);
    pack_nibbles(codes + i, block->nibbles);
  }
}

FX_KERNEL void fx_compensate_q4_1(float *w, size_t count, const float *upper, size_t stride,
                                  float *errors, void *y) {
  fx_q4_1 *block = y;
  float weights[32];
  uint8_t codes[256];
  for (size_t i = 0; i < count; i += 32, block++) {
    importances(upper, stride, i, weights);
    const affine_fit fit = fit_group(w + i, weights, 15, -1, 20);
    block->scale = fx_half_bits(fit.scale);
    block->minimum = fx_half_bits(fit.minimum);
    compensate_group(w, i, i + 32, count, upper, stride, fx_half(block->scale),
                     fx_half(block->minimum), 15, errors, codes);
    pack_nibbles(codes + i, block->nibbles);
  }
}

// A block's scales are settled before its first weight is rounded.
FX_KERNEL void fx_compensate_q4_k(float *w, size_t count, const float *upper, size_t stride,
                                  float *errors, void *y) {
  fx_q4_k *block = y;
  float weights[32];
  uint8_t codes[256];
  affine_fit fits[8];
  for (size_t g = 0; g < 8; g++) {
    importances(upper, stride, 32 * g, weights);
    fits[g] = fit_group(w + 32 * g, weights, 15, -1, 20);
  }
  const group_scales scales = round_scales(fits);
  __builtin_memcpy(block, &scales, 16);
  for (size_t g = 0; g < 8; g++)
    compensate_group(w, 32 * g, 32 * g + 32, count, upper, stride, scales.scales[g],
                     -scales.minima[g], 15, errors, codes);
  pack_block_nibbles(codes, block->nibbles);
}
