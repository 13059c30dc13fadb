#include "multiversion.h"

// Sixteen running maxima: a single one is a chain of comparisons that stays scalar.
FX_INLINE float largest(const float *x, size_t count) {
  float lanes[16];
  for (size_t k = 0; k < 16; k++) lanes[k] = -__builtin_inff();
  size_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (size_t k = 0; k < 16; k++) lanes[k] = x[i + k] > lanes[k] ? x[i + k] : lanes[k];
  for (; i < count; i++) lanes[0] = x[i] > lanes[0] ? x[i] : lanes[0];
  for (size_t k = 1; k < 16; k++) lanes[0] = lanes[k] > lanes[0] ? lanes[k] : lanes[0];
  return lanes[0];
}

FX_INLINE float exponentials(float *x, size_t count, float *maximum) {
  const float top = largest(x, count);
  for (size_t i = 0; i < count; i++) x[i] = fx_exp(x[i] - top);
  float sum = 0;
  {
    FX_REORDER
    for (size_t i = 0; i < count; i++) sum += x[i];
  }
  *maximum = top;
  return sum;
}

FX_KERNEL float fx_exponentials(float *x, size_t count, float *maximum) {
  return exponentials(x, count, maximum);
}

FX_KERNEL void fx_softmax(float *x, size_t count) {
  float maximum;
  const float scale = 1.0f / exponentials(x, count, &maximum);
  for (size_t i = 0; i < count; i++) x[i] *= scale;
}
