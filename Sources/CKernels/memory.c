#include "multiversion.h"

FX_KERNEL uint64_t fx_sum_words(const uint64_t *x, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += x[i];
  return sum;
}
