// What the products with AVX-512 share.
#pragma once
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define FX_UNROLL _Pragma("clang loop unroll(full)")

enum { SIXTEEN = 16 };

// Sixteen rows of sixteen words to sixteen columns of them, by swapping ever larger squares.
static inline __attribute__((target("avx512f"), always_inline)) void transpose(
    __m512i v[SIXTEEN]) {
  FX_UNROLL
  for (int side = 1; side < SIXTEEN; side *= 2) {
    int32_t upper[SIXTEEN], lower[SIXTEEN];
    FX_UNROLL
    for (int k = 0; k < SIXTEEN; k++) {
      upper[k] = k & side ? SIXTEEN + k - side : k;
      lower[k] = k & side ? SIXTEEN + k : k + side;
    }
    FX_UNROLL
    for (int r = 0; r < SIXTEEN; r++) {
      if (r & side) continue;
      const __m512i a = v[r], b = v[r + side];
      v[r] = _mm512_permutex2var_epi32(a, _mm512_loadu_si512(upper), b);
      v[r + side] = _mm512_permutex2var_epi32(a, _mm512_loadu_si512(lower), b);
    }
  }
}

// y = sums (+ bias) (+ y), of at most sixteen columns.
static inline __attribute__((target("avx512f"), always_inline)) void store_sums(
    __m512 sums, size_t columns, const float *bias, int adding, float *y) {
  const __mmask16 mask = columns < SIXTEEN ? (1u << columns) - 1 : 0xffff;
  if (bias) sums = _mm512_add_ps(sums, _mm512_maskz_loadu_ps(mask, bias));
  if (adding) sums = _mm512_add_ps(sums, _mm512_maskz_loadu_ps(mask, y));
  _mm512_mask_storeu_ps(y, mask, sums);
}
