#include "multiversion.h"

FX_KERNEL void fx_matvec_f32(const float *w, size_t rows, size_t columns, const float *x,
                             float *y) {
  FX_REORDER
  for (size_t r = 0; r < rows; r++) {
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += w[r * columns + c] * x[c];
    y[r] = sum;
  }
}

FX_KERNEL void fx_matvec_f16(const uint16_t *w, size_t rows, size_t columns, const float *x,
                             float *y) {
  FX_REORDER
  for (size_t r = 0; r < rows; r++) {
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += fx_half(w[r * columns + c]) * x[c];
    y[r] = sum;
  }
}

FX_KERNEL void fx_matvec_bf16(const uint16_t *w, size_t rows, size_t columns, const float *x,
                              float *y) {
  FX_REORDER
  for (size_t r = 0; r < rows; r++) {
    float sum = 0;
    for (size_t c = 0; c < columns; c++) sum += fx_bfloat(w[r * columns + c]) * x[c];
    y[r] = sum;
  }
}

FX_KERNEL void fx_matvec_q8_0(const fx_q8_0 *w, size_t rows, size_t columns, const float *x,
                              float *y) {
  FX_REORDER
  const size_t blocks = columns / 32;
  for (size_t r = 0; r < rows; r++) {
    // A running sum for each place in a block: adding up every block's products would cost more
    // than the products.
    float lanes[32] = {0};
    for (size_t b = 0; b < blocks; b++) {
      const fx_q8_0 *block = &w[r * blocks + b];
      const float scale = fx_half(block->scale);
      for (size_t i = 0; i < 32; i++)
        lanes[i] += scale * ((float)block->values[i] * x[32 * b + i]);
    }
    float sum = 0;
    for (size_t i = 0; i < 32; i++) sum += lanes[i];
    y[r] = sum;
  }
}
