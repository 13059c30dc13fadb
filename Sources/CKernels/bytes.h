// The integers of a group of 32 packed weights, as bytes.
#pragma once
#include "blocks.h"

typedef uint8_t half_bytes __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(32)));

FX_INLINE void load_nibbles(const uint8_t nibbles[16], bytes *y) {
  half_bytes x;
  __builtin_memcpy(&x, nibbles, sizeof x);
  const half_bytes high = x >> 4;
  *y = __builtin_shufflevector(x, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
                               17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31) & 15;
}

// Adds 16 where a place's bit is set.
FX_INLINE void add_fifths(const uint8_t fifths[4], bytes *y) {
  const bytes places = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128,
                        1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  typedef uint32_t words __attribute__((vector_size(32)));
  uint32_t bits;
  __builtin_memcpy(&bits, fifths, sizeof bits);
  const bytes all = (bytes)((words){} + bits);
  const bytes spread = __builtin_shufflevector(
      all, all, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 18, 18, 18, 18, 18, 18, 18, 18, 19,
      19, 19, 19, 19, 19, 19, 19);
  *y |= (bytes)((spread & places) == places) & 16;
}

FX_INLINE void load_group(const uint8_t packed[32], int shift, bytes *y) {
  __builtin_memcpy(y, packed, sizeof *y);
  *y = *y >> shift & 15;
}
