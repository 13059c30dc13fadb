// With AVX512-VNNI: vpdpbusd multiplies bytes without sign with bytes with sign, and adds four by
// four.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,avx512vnni"))), \
                             apply_to = function)
#define FX_NAME(type) fx_dot_##type##_vnni
#include "dot.h"

static inline void multiply(const bytes *u, const int8_t *s, ints *sums) {
  const __m256i codes = _mm256_load_si256((const __m256i *)s);
  *sums = (ints)_mm256_dpbusd_epi32(_mm256_setzero_si256(), (__m256i)*u, codes);
}

static inline void multiply_signed(const signed_bytes *w, const int8_t *s, ints *sums) {
  const __m256i codes = _mm256_load_si256((const __m256i *)s), weights = (__m256i)*w;
  *sums = (ints)_mm256_dpbusd_epi32(_mm256_setzero_si256(), _mm256_abs_epi8(weights),
                                    _mm256_sign_epi8(codes, weights));
}
#pragma clang attribute pop
#endif
