#include "multiversion.h"

FX_KERNEL void fx_layer_norm(const float *x, const float *weight, const float *bias, float epsilon,
                             size_t count, float *y) {
  FX_REORDER
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += x[i];
  const float mean = sum / (float)count;
  float squares = 0;
  for (size_t i = 0; i < count; i++) squares += (x[i] - mean) * (x[i] - mean);
  const float scale = 1.0f / __builtin_sqrtf(squares / (float)count + epsilon);
  for (size_t i = 0; i < count; i++) y[i] = (x[i] - mean) * scale * weight[i] + bias[i];
}

FX_KERNEL void fx_rms_norm(const float *x, const float *weight, float epsilon, size_t count,
                           float *y) {
  FX_REORDER
  float squares = 0;
  for (size_t i = 0; i < count; i++) squares += x[i] * x[i];
  const float scale = 1.0f / __builtin_sqrtf(squares / (float)count + epsilon);
  for (size_t i = 0; i < count; i++) y[i] = x[i] * scale * weight[i];
}
