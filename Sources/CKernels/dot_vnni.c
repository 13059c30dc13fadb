// With AVX512-VNNI: vpdpbusd multiplies bytes without sign with bytes with sign, and adds four by
// four.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,avx512vnni"))), \
                             apply_to = function)
#define FX_NAME(type) fx_dot_##type##_vnni
#define FX_EIGHT_BLOCKS
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

// MARK: Blocks of four and five bits, eight at a time

// Halves of eight blocks, as floats.
#define FX_EIGHT(w, half)                                                                     \
  _mm256_cvtph_ps(_mm_setr_epi16((w)[0].half, (w)[1].half, (w)[2].half, (w)[3].half,          \
                                 (w)[4].half, (w)[5].half, (w)[6].half, (w)[7].half))

// Codes of two blocks, and 16 more where a fifth bit is set.
#define FX_NIBBLES(a, b) nibbles((a)->nibbles, (b)->nibbles)
#define FX_FIFTHS(a, b) add_two_fifths(FX_NIBBLES(a, b), (a)->fifths, (b)->fifths)

FX_INLINE __m512i nibbles(const uint8_t *first, const uint8_t *second) {
  const __m512i shifts = _mm512_setr_epi32(0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0, 4, 4, 4, 4);
  const __m512i both = _mm512_mask_broadcast_i32x4(
      _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)first)), 0xff00,
      _mm_loadu_si128((const __m128i *)second));
  return _mm512_and_si512(_mm512_srlv_epi32(both, shifts), _mm512_set1_epi8(15));
}

FX_INLINE __m512i add_two_fifths(__m512i codes, const uint8_t *first, const uint8_t *second) {
  uint32_t bits[2];
  __builtin_memcpy(bits, first, 4);
  __builtin_memcpy(bits + 1, second, 4);
  const __mmask64 set = bits[0] | (uint64_t)bits[1] << 32;
  return _mm512_mask_add_epi8(codes, set, codes, _mm512_set1_epi8(16));
}

// sums += scale * ((codes - lift) . s), whole numbers until they are scaled
FX_INLINE void add_lifted(__m512i codes, int8_t lift, __m512i s, __m512 scale, __m512 *sums) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i products = _mm512_dpbusd_epi32(zero, codes, s);
  if (lift)
    products = _mm512_sub_epi32(products, _mm512_dpbusd_epi32(zero, _mm512_set1_epi8(lift), s));
  *sums = _mm512_fmadd_ps(_mm512_cvtepi32_ps(products), scale, *sums);
}

// `codes(a, b)` are those of two blocks; `minima(w)` and `minimum(w)` what the weights of each of
// eight blocks, and of one, have in common besides the lift.
#define FX_DOT_EIGHT(type, codes, lift, minima, minimum)                                      \
  void FX_NAME(type)(const void *weights, size_t rows, size_t columns, const fx_codes *x,     \
                     float *y) {                                                              \
    const size_t blocks = columns / 32;                                                       \
    const fx_##type *w = weights;                                                             \
    for (size_t r = 0; r < rows; r++, w += blocks) {                                          \
      __m512 sums[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};                            \
      __m256 offsets = _mm256_setzero_ps();                                                   \
      size_t b = 0;                                                                           \
      for (; b + 8 <= blocks; b += 8) {                                                       \
        const fx_##type *eight = w + b;                                                       \
        for (size_t i = 0; i < 8 * sizeof *w; i += 64)                                        \
          __builtin_prefetch((const char *)eight + AHEAD + i);                                \
        const __m256 scales = FX_EIGHT(eight, scale);                                         \
        offsets = _mm256_fmadd_ps(minima(eight), _mm256_loadu_ps(x->sums + b), offsets);      \
        const __m512 both = _mm512_castps256_ps512(                                           \
            _mm256_mul_ps(scales, _mm256_loadu_ps(x->scales + b)));                           \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 4; i++) {                      \
          const __m512i at = _mm512_inserti64x4(_mm512_set1_epi32(2 * i),                     \
                                                _mm256_set1_epi32(2 * i + 1), 1);             \
          add_lifted(codes(eight + 2 * i, eight + 2 * i + 1), lift,                           \
                     _mm512_loadu_si512(x->high + 32 * b + 64 * i),                           \
                     _mm512_permutexvar_ps(at, both), &sums[i % 2]);                          \
        }                                                                                     \
      }                                                                                       \
      float offset = 0;                                                                       \
      for (; b < blocks; b++) {                                                               \
        add_lifted(codes(w + b, w + b), lift,                                                 \
                   _mm512_zextsi256_si512(                                                    \
                       _mm256_loadu_si256((const __m256i *)(x->high + 32 * b))),              \
                   _mm512_set1_ps(fx_half(w[b].scale) * x->scales[b]), &sums[0]);             \
        offset += minimum(w + b) * x->sums[b];                                                \
      }                                                                                       \
      y[r] = _mm512_reduce_add_ps(_mm512_add_ps(sums[0], sums[1])) +                          \
             _mm512_reduce_add_ps(_mm512_zextps256_ps512(offsets)) + offset;                  \
    }                                                                                         \
  }

#define FX_MINIMA(w) FX_EIGHT(w, minimum)
#define FX_MINIMUM(w) fx_half((w)->minimum)
#define FX_NO_MINIMA(w) _mm256_setzero_ps()
#define FX_NO_MINIMUM(w) 0

FX_DOT_EIGHT(q4_0, FX_NIBBLES, 8, FX_NO_MINIMA, FX_NO_MINIMUM)
FX_DOT_EIGHT(q4_1, FX_NIBBLES, 0, FX_MINIMA, FX_MINIMUM)
FX_DOT_EIGHT(q5_0, FX_FIFTHS, 16, FX_NO_MINIMA, FX_NO_MINIMUM)
FX_DOT_EIGHT(q5_1, FX_FIFTHS, 0, FX_MINIMA, FX_MINIMUM)
#pragma clang attribute pop
#endif
