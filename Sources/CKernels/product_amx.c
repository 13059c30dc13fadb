// bfloat16 products with AMX: tdpbf16ps adds to a tile of 16 x 16 sums the products of 16 rows of 32
// numbers with 32 rows of 16, which lie as pairs.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { SIDE = 16, STEP = 32, TILE = SIDE * STEP, SQUARE = 2 * SIDE, DEPTH_BLOCK = 512 };

typedef struct {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_configuration;

// Two tiles of a times two panels of b, four tiles of sums: every tile that is loaded is used twice.
__attribute__((target("amx-tile,amx-bf16"))) static void multiply(
    const uint16_t *a, size_t a_stride, const uint16_t *left, const uint16_t *right, size_t depth,
    float sums[SQUARE][SQUARE]) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (size_t k = 0; k < depth; k += STEP) {
    _tile_loadd(4, a + k, 2 * a_stride);
    _tile_loadd(5, a + SIDE * a_stride + k, 2 * a_stride);
    _tile_loadd(6, left + SIDE * k, 64);
    _tile_loadd(7, right + SIDE * k, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, sums[0], sizeof sums[0]);
  _tile_stored(1, sums[0] + SIDE, sizeof sums[0]);
  _tile_stored(2, sums[SIDE], sizeof sums[0]);
  _tile_stored(3, sums[SIDE] + SIDE, sizeof sums[0]);
}

__attribute__((target("avx512f"))) static void add(float sums[SQUARE][SQUARE], size_t rows,
                                                   size_t columns, const float *bias, int adding,
                                                   float *c, size_t c_stride) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < columns; j++)
      c[r * c_stride + j] =
          sums[r][j] + (bias ? bias[j] : 0) + (adding ? c[r * c_stride + j] : 0);
}

// Blocks of the depth keep two panels in the first-level cache while all rows pass.
__attribute__((target("amx-tile"))) void fx_product_amx(
    const uint16_t *a, size_t a_stride, size_t rows, const uint16_t *panels, size_t depth,
    size_t columns, const float *bias, int adding, float *c, size_t c_stride) {
  tile_configuration tiles = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    tiles.row_bytes[t] = 64;
    tiles.rows[t] = SIDE;
  }
  _tile_loadconfig(&tiles);
  for (size_t k = 0; k < depth; k += DEPTH_BLOCK) {
    const size_t block = depth - k < DEPTH_BLOCK ? depth - k : DEPTH_BLOCK;
    for (size_t j = 0; j < columns; j += SQUARE) {
      const uint16_t *left = panels + j * depth + SIDE * k, *right = left + SIDE * depth;
      for (size_t r = 0; r < rows; r += SQUARE) {
        float sums[SQUARE][SQUARE];
        multiply(a + r * a_stride + k, a_stride, left, right, block, sums);
        add(sums, rows - r < SQUARE ? rows - r : SQUARE,
            columns - j < SQUARE ? columns - j : SQUARE, k == 0 && bias ? bias + j : 0,
            k > 0 || adding, c + r * c_stride + j, c_stride);
      }
    }
  }
  _tile_release();
}
#endif
