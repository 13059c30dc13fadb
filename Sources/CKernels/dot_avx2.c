// With AVX2: pairs of products fit in sixteen bits, since codes stay within 127 and weights without
// sign within 63.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define FX_NAME(type) fx_dot_##type##_avx2
#include "dot.h"

static inline void multiply(const bytes *u, const int8_t *s, ints *sums) {
  const __m256i codes = _mm256_load_si256((const __m256i *)s);
  const __m256i products = _mm256_maddubs_epi16((__m256i)*u, codes);
  *sums = (ints)_mm256_madd_epi16(products, _mm256_set1_epi16(1));
}

// 128 x 127 twice is just within sixteen bits.
static inline void multiply_signed(const signed_bytes *w, const int8_t *s, ints *sums) {
  const __m256i codes = _mm256_load_si256((const __m256i *)s), weights = (__m256i)*w;
  const __m256i products =
      _mm256_maddubs_epi16(_mm256_abs_epi8(weights), _mm256_sign_epi8(codes, weights));
  *sums = (ints)_mm256_madd_epi16(products, _mm256_set1_epi16(1));
}
#pragma clang attribute pop
#endif
