#include "multiversion.h"

FX_KERNEL void fx_encode(const float *x, size_t count, fx_codes y) {
  for (size_t g = 0; g < count / 32; g++) {
    const float *group = x + 32 * g;
    float largest = 0;
    for (int i = 0; i < 32; i++) {
      const float size = group[i] < 0 ? -group[i] : group[i];
      largest = size > largest || size != size ? size : largest;  // NaN stays
    }
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
