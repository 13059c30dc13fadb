// bfloat16 products with AVX512-BF16: vdpbf16ps adds to each of sixteen sums the products of a pair
// of numbers with another pair. What AMX shares is here too: it comes with these instructions.
#include "CKernels.h"

#if defined(__x86_64__)
#include "avx512.h"

#define FX_AVX512 __attribute__((target("avx512f,avx512bw,avx512bf16")))

enum { CHUNK = 256 };

// MARK: Conversion

FX_AVX512 void fx_narrow_bf16(const float *x, size_t count, uint16_t *y) {
  for (size_t i = 0; i < count; i += 32) {
    const size_t left = count - i;
    const __mmask32 mask = left < 32 ? (1u << left) - 1 : ~0u;
    const __m512 low = _mm512_maskz_loadu_ps((__mmask16)mask, x + i);
    const __m512 high = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), x + i + SIXTEEN);
    _mm512_mask_storeu_epi16(y + i, mask, (__m512i)_mm512_cvtne2ps_pbh(high, low));
  }
}

FX_AVX512 void fx_pack_bf16(const void *weights, size_t row_bytes, size_t chunk_bytes,
                            fx_widen *widen, size_t rows, size_t columns, uint16_t *panels) {
  const char *w = weights;
  const size_t depth = FX_DEPTH(columns);
  for (size_t first = 0; first < rows; first += SIXTEEN) {
    float wide[SIXTEEN][CHUNK] = {{0}};
    for (size_t c = 0; c < columns; c += CHUNK) {
      const size_t count = columns - c < CHUNK ? columns - c : CHUNK;
      for (size_t r = 0; r < SIXTEEN && first + r < rows; r++) {
        widen(w + (first + r) * row_bytes + c / CHUNK * chunk_bytes, count, wide[r]);
        for (size_t k = count; k < FX_DEPTH(count); k++) wide[r][k] = 0;
      }
      for (size_t k = 0; k < count; k += 32) {
        __m512i v[SIXTEEN];
        FX_UNROLL
        for (int r = 0; r < SIXTEEN; r++)
          v[r] = (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(wide[r] + k + SIXTEEN),
                                              _mm512_loadu_ps(wide[r] + k));
        transpose(v);
        FX_UNROLL
        for (int r = 0; r < SIXTEEN; r++)
          _mm512_storeu_si512(panels + first * depth + (c + k + 2 * r) * SIXTEEN, v[r]);
      }
    }
  }
}

FX_AVX512 void fx_pack_columns_bf16(const float *x, size_t stride, size_t rows, size_t columns,
                                    uint16_t *panels) {
  const size_t depth = FX_DEPTH(rows);
  int16_t order[2 * SIXTEEN];
  for (int i = 0; i < 2 * SIXTEEN; i++) order[i] = (int16_t)(i / 2 + i % 2 * SIXTEEN);
  const __m512i interleave = _mm512_loadu_si512(order);
  for (size_t first = 0; first < columns; first += SIXTEEN) {
    const __mmask16 mask = columns - first < SIXTEEN ? (1u << (columns - first)) - 1 : 0xffff;
    for (size_t k = 0; k < depth; k += 2) {
      __m512 pair[2];
      FX_UNROLL
      for (size_t i = 0; i < 2; i++)
        pair[i] = k + i < rows ? _mm512_maskz_loadu_ps(mask, x + (k + i) * stride + first)
                               : _mm512_setzero_ps();
      const __m512i narrow = (__m512i)_mm512_cvtne2ps_pbh(pair[1], pair[0]);
      _mm512_storeu_si512(panels + first * depth + k * SIXTEEN,
                          _mm512_permutexvar_epi16(interleave, narrow));
    }
  }
}

// MARK: Product

enum { ROWS = 6, VECTORS = FX_GROUP / SIXTEEN };

// Sums of ROWS rows with one group of weights stay in registers, for all of the depth: a group is
// read from the second-level cache once for every ROWS rows, which is as fast as it multiplies.
FX_AVX512 static void multiply(const uint16_t *a, size_t a_stride, size_t rows,
                               const uint16_t *panels, size_t depth, size_t columns,
                               const float *bias, int adding, float *c, size_t c_stride) {
  __m512 sums[ROWS][VECTORS];
  FX_UNROLL
  for (size_t r = 0; r < ROWS; r++) {
    FX_UNROLL
    for (size_t v = 0; v < VECTORS; v++) sums[r][v] = _mm512_setzero_ps();
  }
  for (size_t k = 0; k < depth; k += 2) {
    __m512bh b[VECTORS];
    FX_UNROLL
    for (size_t v = 0; v < VECTORS; v++)
      b[v] = (__m512bh)_mm512_loadu_si512(panels + SIXTEEN * (v * depth + k));
    FX_UNROLL
    for (size_t r = 0; r < ROWS; r++) {
      int32_t pair;
      __builtin_memcpy(&pair, a + r * a_stride + k, sizeof pair);
      FX_UNROLL
      for (size_t v = 0; v < VECTORS; v++)
        sums[r][v] = _mm512_dpbf16_ps(sums[r][v], (__m512bh)_mm512_set1_epi32(pair), b[v]);
    }
  }
  FX_UNROLL
  for (size_t v = 0; v < VECTORS; v++) {
    if (columns <= SIXTEEN * v) return;
    FX_UNROLL
    for (size_t r = 0; r < ROWS; r++)
      if (r < rows)
        store_sums(sums[r][v], columns - SIXTEEN * v, bias ? bias + SIXTEEN * v : 0, adding,
                   c + r * c_stride + SIXTEEN * v);
  }
}

static void product(const uint16_t *a, size_t a_stride, size_t rows, const uint16_t *panels,
                    size_t depth, size_t columns, const float *bias, int adding, float *c,
                    size_t c_stride) {
  for (size_t r = 0; r < rows; r += ROWS)
    multiply(a + r * a_stride, a_stride, rows - r, panels, depth, columns, bias, adding,
             c + r * c_stride, c_stride);
}

fx_product fx_product_amx;

fx_product *fx_product_kernel(int level) {
  return level >= 2 ? fx_product_amx : level == 1 ? product : 0;
}

#else

void fx_narrow_bf16(const float *x, size_t count, uint16_t *y) {}
void fx_pack_bf16(const void *w, size_t row_bytes, size_t chunk_bytes, fx_widen *widen, size_t rows,
                  size_t columns, uint16_t *panels) {}
void fx_pack_columns_bf16(const float *x, size_t stride, size_t rows, size_t columns,
                          uint16_t *panels) {}
fx_product *fx_product_kernel(int level) { return 0; }

#endif
