#include "multiversion.h"

FX_KERNEL void fx_encode(const float *x, size_t count, fx_codes y) {
  for (size_t g = 0; g < count / 32; g++) {
    const float *group = x + 32 * g;
    // Bits of numbers without sign are in the order of the numbers, and NaN is above them all.
    int32_t bits[32], most = 0;
    __builtin_memcpy(bits, group, sizeof bits);
    for (int i = 0; i < 32; i++) {
      const int32_t size = bits[i] & INT32_MAX;
      most = size > most ? size : most;
    }
    float largest;
    __builtin_memcpy(&largest, &most, sizeof largest);
    const float inverse = largest > 0 ? 127 * 128 / largest : 0;
    int32_t sum = 0;
    for (int i = 0; i < 32; i++) {
      const float exact = group[i] * inverse, code = exact == exact ? exact : 0;
      const int32_t whole = (int32_t)(code + (code < 0 ? -0.5f : 0.5f)), high = (whole + 64) >> 7;
      y.high[32 * g + i] = (int8_t)high;
      y.low[32 * g + i] = (int8_t)(whole - 128 * high);
      sum += high;
    }
    y.scales[g] = largest / 127;
    y.sums[g] = y.scales[g] * (float)sum;
  }
}
