#include "blocks.h"

#define FX_MATVEC(type, element, number)                                                     \
  FX_KERNEL void fx_matvec_##type(const void *weights, size_t rows, size_t columns,          \
                                  const float *x, float *y) {                                \
    FX_REORDER                                                                               \
    const element *w = weights;                                                              \
    for (size_t r = 0; r < rows; r++) {                                                      \
      float sum = 0;                                                                         \
      for (size_t c = 0; c < columns; c++) sum += number(w[r * columns + c]) * x[c];         \
      y[r] = sum;                                                                            \
    }                                                                                        \
  }

FX_MATVEC(f32, float, )
FX_MATVEC(f16, uint16_t, fx_half)
FX_MATVEC(bf16, uint16_t, fx_bfloat)

// A running sum for each of 32 places: adding up every block's products would cost more than the
// products.
#define FX_BLOCK_MATVEC(type, size)                                                          \
  FX_KERNEL void fx_matvec_##type(const void *weights, size_t rows, size_t columns,          \
                                  const float *x, float *y) {                                \
    FX_REORDER                                                                               \
    const fx_##type *w = weights;                                                            \
    const size_t blocks = columns / size;                                                    \
    for (size_t r = 0; r < rows; r++) {                                                      \
      float lanes[32] = {0}, sum = 0;                                                        \
      for (size_t b = 0; b < blocks; b++) {                                                  \
        float values[size];                                                                  \
        widen_##type(&w[r * blocks + b], values);                                            \
        for (size_t i = 0; i < size; i += 32)                                                \
          for (size_t k = 0; k < 32; k++) lanes[k] += values[i + k] * x[size * b + i + k];   \
      }                                                                                      \
      for (size_t i = 0; i < 32; i++) sum += lanes[i];                                       \
      y[r] = sum;                                                                            \
    }                                                                                        \
  }

FX_BLOCK_MATVEC(q4_0, 32)
FX_BLOCK_MATVEC(q4_1, 32)
FX_BLOCK_MATVEC(q5_0, 32)
FX_BLOCK_MATVEC(q5_1, 32)
FX_BLOCK_MATVEC(q8_0, 32)
FX_BLOCK_MATVEC(q4_k, 256)
FX_BLOCK_MATVEC(q5_k, 256)
FX_BLOCK_MATVEC(q6_k, 256)
