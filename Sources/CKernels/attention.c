#include "multiversion.h"

FX_KERNEL void fx_scores(const float *query, const float *keys, size_t stride, size_t count,
                         size_t width, float scale, float *scores) {
  FX_REORDER
  for (size_t j = 0; j < count; j++) {
    float sum = 0;
    for (size_t i = 0; i < width; i++) sum += query[i] * keys[j * stride + i];
    scores[j] = scale * sum;
  }
}

FX_KERNEL void fx_weighted_sum(const float *weights, const float *values, size_t stride,
                               size_t count, size_t width, float *output) {
  FX_REORDER
  size_t j = 0;
  // Four rows a pass: the output is loaded and stored a quarter as often.
  for (; j + 4 <= count; j += 4) {
    const float *v = values + j * stride, *w = weights + j;
    for (size_t i = 0; i < width; i++)
      output[i] += w[0] * v[i] + w[1] * v[stride + i] + w[2] * v[2 * stride + i] +
                   w[3] * v[3 * stride + i];
  }
  for (; j < count; j++)
    for (size_t i = 0; i < width; i++) output[i] += weights[j] * values[j * stride + i];
}
