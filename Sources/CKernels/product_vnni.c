// Products of quantised weights with AVX512-VNNI: vpdpbusd adds to each of sixteen sums the products
// of four bytes without sign (weights) with four bytes with sign (codes of x).
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include "avx512.h"

#define FX_VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))

enum { GROUPS = 8, ROWS = 3, VECTORS = FX_GROUP / SIXTEEN };

// Sixteen outputs' part of a group of 32 inputs: four inputs side by side for the sixteen.
typedef struct {
  uint8_t values[8][SIXTEEN][4];
  float scales[SIXTEEN], minima[SIXTEEN];
} square;

FX_VNNI void fx_pack_bytes(const void *weights, size_t row_bytes, size_t chunk_bytes,
                           fx_unpack *unpack, size_t rows, size_t columns, void *panels) {
  const char *w = weights;
  const size_t groups = columns / 32;
  for (size_t first = 0; first < rows; first += SIXTEEN) {
    square *panel = (square *)panels + first / SIXTEEN * groups;
    uint8_t values[SIXTEEN][32 * GROUPS] = {{0}};
    float scales[SIXTEEN][GROUPS] = {{0}}, minima[SIXTEEN][GROUPS] = {{0}};
    for (size_t g = 0; g < groups; g += GROUPS) {
      const size_t count = groups - g < GROUPS ? groups - g : GROUPS;
      for (size_t r = 0; r < SIXTEEN && first + r < rows; r++)
        unpack(w + (first + r) * row_bytes + g / GROUPS * chunk_bytes, count, values[r], scales[r],
               minima[r]);
      for (size_t i = 0; i < count; i += 2) {
        __m512i v[SIXTEEN];
        FX_UNROLL
        for (int r = 0; r < SIXTEEN; r++) v[r] = _mm512_loadu_si512(values[r] + 32 * i);
        transpose(v);
        for (size_t k = 0; k < SIXTEEN && i + k / 8 < count; k++)
          _mm512_storeu_si512(panel[g + i + k / 8].values[k % 8], v[k]);
      }
      for (size_t i = 0; i < count; i++)
        for (int r = 0; r < SIXTEEN; r++) {
          panel[g + i].scales[r] = scales[r][i];
          panel[g + i].minima[r] = minima[r][i];
        }
    }
  }
}

// The codes that lie so many bytes behind others.
static inline fx_codes row_of(const fx_codes *x, size_t bytes) {
  return (fx_codes){x->high + bytes, x->low + bytes, (float *)((char *)x->scales + bytes),
                    (float *)((char *)x->sums + bytes)};
}

// Sums of ROWS rows with one group of outputs stay in registers: those of a group of inputs as
// integers, all others as floats.
FX_VNNI static void multiply(const fx_codes *x, size_t x_stride, size_t rows,
                             const square *panels, size_t groups, size_t columns,
                             const float *bias, int adding, float *c, size_t c_stride) {
  __m512 sums[ROWS][VECTORS];
  FX_UNROLL
  for (size_t r = 0; r < ROWS; r++) {
    FX_UNROLL
    for (size_t v = 0; v < VECTORS; v++) sums[r][v] = _mm512_setzero_ps();
  }
  // Rows behind the last repeat it.
  fx_codes row[ROWS];
  for (size_t r = 0; r < ROWS; r++) row[r] = row_of(x, x_stride * (r < rows ? r : rows - 1));
  for (size_t g = 0; g < groups; g++) {
    __m512i products[ROWS][VECTORS];
    FX_UNROLL
    for (size_t r = 0; r < ROWS; r++) {
      FX_UNROLL
      for (size_t v = 0; v < VECTORS; v++) products[r][v] = _mm512_setzero_si512();
    }
    FX_UNROLL
    for (size_t k = 0; k < 8; k++) {
      __m512i b[VECTORS];
      FX_UNROLL
      for (size_t v = 0; v < VECTORS; v++)
        b[v] = _mm512_loadu_si512(panels[v * groups + g].values[k]);
      FX_UNROLL
      for (size_t r = 0; r < ROWS; r++) {
        int32_t four;
        __builtin_memcpy(&four, row[r].high + 32 * g + 4 * k, sizeof four);
        FX_UNROLL
        for (size_t v = 0; v < VECTORS; v++)
          products[r][v] = _mm512_dpbusd_epi32(products[r][v], b[v], _mm512_set1_epi32(four));
      }
    }
    FX_UNROLL
    for (size_t v = 0; v < VECTORS; v++) {
      const __m512 scales = _mm512_loadu_ps(panels[v * groups + g].scales);
      const __m512 minima = _mm512_loadu_ps(panels[v * groups + g].minima);
      FX_UNROLL
      for (size_t r = 0; r < ROWS; r++) {
        const __m512 scale = _mm512_mul_ps(scales, _mm512_set1_ps(row[r].scales[g]));
        sums[r][v] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[r][v]), scale, sums[r][v]);
        sums[r][v] = _mm512_fmadd_ps(minima, _mm512_set1_ps(row[r].sums[g]), sums[r][v]);
      }
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

void fx_product_bytes(const fx_codes *x, size_t x_stride, size_t rows, const void *panels,
                      size_t groups, size_t columns, const float *bias, int adding, float *c,
                      size_t c_stride) {
  for (size_t r = 0; r < rows; r += ROWS) {
    const fx_codes row = row_of(x, x_stride * r);
    multiply(&row, x_stride, rows - r, panels, groups, columns, bias, adding, c + r * c_stride,
             c_stride);
  }
}

#else

void fx_pack_bytes(const void *w, size_t row_bytes, size_t chunk_bytes, fx_unpack *unpack,
                   size_t rows, size_t columns, void *panels) {}
void fx_product_bytes(const fx_codes *x, size_t x_stride, size_t rows, const void *panels,
                      size_t groups, size_t columns, const float *bias, int adding, float *c,
                      size_t c_stride) {}

#endif
