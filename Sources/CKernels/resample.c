#include "multiversion.h"

#define FRACTION_BITS 22
enum { BLOCK = 64, ROWS = FX_RESAMPLED_ROWS, PIXEL = 3 * ROWS };

typedef uint8_t sixteen __attribute__((vector_size(ROWS)));

// y[i] = sum_t weights[t] x[t * stride + i]; `width` is known where it is inlined, so that sums stay
// in registers.
FX_INLINE void blend(const uint8_t *x, size_t stride, const int32_t *weights, size_t taps,
                     size_t width, uint8_t *y) {
  int32_t sums[BLOCK];
  for (size_t i = 0; i < width; i++) sums[i] = 1 << (FRACTION_BITS - 1);
  for (size_t t = 0; t < taps; t++)
    for (size_t i = 0; i < width; i++) sums[i] += x[t * stride + i] * weights[t];
  for (size_t i = 0; i < width; i++) {
    const int32_t value = sums[i] >> FRACTION_BITS;
    y[i] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
  }
}

FX_KERNEL void fx_blend_rows(const uint8_t *rows, const int32_t *weights, size_t taps, size_t count,
                             uint8_t *y) {
  size_t start = 0;
  for (; start + BLOCK <= count; start += BLOCK)
    blend(rows + start, count, weights, taps, BLOCK, y + start);
  blend(rows + start, count, weights, taps, count - start, y + start);
}

// y[c, r] = x[r, c] for `blocks` squares of 16 x 16, whose rows lie `*_row` bytes apart, and one
// square from the next `*_block`. Four times over, rows of the two halves are laced together.
FX_INLINE void transpose(const uint8_t *x, size_t x_row, size_t x_block, size_t blocks, uint8_t *y,
                         size_t y_row, size_t y_block) {
  for (size_t b = 0; b < blocks; b++) {
    sixteen square[ROWS], laced[ROWS];
    for (size_t r = 0; r < ROWS; r++)
      __builtin_memcpy(&square[r], x + b * x_block + r * x_row, ROWS);
    for (int pass = 0; pass < 4; pass++) {
      for (int i = 0; i < ROWS / 2; i++) {
        const sixteen upper = square[i], lower = square[i + ROWS / 2];
        laced[2 * i] = __builtin_shufflevector(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5,
                                               21, 6, 22, 7, 23);
        laced[2 * i + 1] = __builtin_shufflevector(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12,
                                                   28, 13, 29, 14, 30, 15, 31);
      }
      __builtin_memcpy(square, laced, sizeof square);
    }
    for (size_t r = 0; r < ROWS; r++)
      __builtin_memcpy(y + b * y_block + r * y_row, &square[r], ROWS);
  }
}

// Sixteen rows lie side by side, so that what one pixel adds up is added for all of them.
FX_KERNEL void fx_resample_rows(const uint8_t *x, size_t x_stride, const int32_t *starts,
                                const int32_t *counts, const int32_t *weights, size_t taps,
                                size_t count, uint8_t *y, size_t y_stride, uint8_t *scratch) {
  uint8_t *source = scratch, *target = scratch + ROWS * x_stride;
  transpose(x, x_stride, ROWS, x_stride / ROWS, source, ROWS, ROWS * ROWS);
  for (size_t i = 0; i < count; i++)
    blend(source + PIXEL * starts[i], PIXEL, weights + i * taps, (size_t)counts[i], PIXEL,
          target + PIXEL * i);
  transpose(target, ROWS, ROWS * ROWS, y_stride / ROWS, y, y_stride, ROWS);
}
