// Rows of packed weights times a row of integer codes. Included once for each set of instructions,
// by a file that defines FX_NAME(type) and sums of products of bytes, four by four:
//
//   static inline void multiply(const bytes *u, const int8_t *s, ints *sums)
//   static inline void multiply_signed(const signed_bytes *w, const int8_t *s, ints *sums)
//
// and, where it has rows of four and five bits of its own, FX_EIGHT_BLOCKS.
//
// Weights of a group of 32 are small integers times a float, and so are the codes: the products of a
// group are exact integers, scaled once.
#pragma once
#include "bytes.h"

typedef int8_t signed_bytes __attribute__((vector_size(32)));
typedef int32_t ints __attribute__((vector_size(32)));
typedef float floats __attribute__((vector_size(32)));

static inline void multiply(const bytes *u, const int8_t *s, ints *sums);
static inline void multiply_signed(const signed_bytes *w, const int8_t *s, ints *sums);

// sums += scale * (u . high codes): enough for weights of four and five bits.
FX_INLINE void add(const bytes *u, const int8_t *high, float scale, floats *sums) {
  ints products;
  multiply(u, high, &products);
  *sums += __builtin_convertvector(products, floats) * scale;
}

// sums = w . whole codes, in units of the low ones
FX_INLINE void multiply_whole(const signed_bytes *w, const int8_t *high, const int8_t *low,
                              floats *sums) {
  ints products, low_products;
  multiply_signed(w, high, &products);
  multiply_signed(w, low, &low_products);
  *sums = __builtin_convertvector((products << 7) + low_products, floats);
}

// MARK: Blocks of 32 weights

// `offset` collects what all weights of a block have in common, times the sum of the codes.

#ifndef FX_EIGHT_BLOCKS
// `fill` adds the fifth bits to `values`; `lowest` is what code 0 stands for.
#define FX_BLOCK(type, fill, lowest)                                                             \
  FX_INLINE void block_##type(const fx_##type *w, const fx_codes *x, size_t g, floats *sums,     \
                              float *offset) {                                                   \
    const float scale = fx_half(w->scale);                                                       \
    bytes values;                                                                                \
    load_nibbles(w->nibbles, &values);                                                           \
    fill;                                                                                        \
    add(&values, x->high + 32 * g, scale * x->scales[g], sums);                                  \
    *offset += lowest * x->sums[g];                                                              \
  }

FX_BLOCK(q4_0, , -8 * scale)
FX_BLOCK(q4_1, , fx_half(w->minimum))
FX_BLOCK(q5_0, add_fifths(w->fifths, &values), -16 * scale)
FX_BLOCK(q5_1, add_fifths(w->fifths, &values), fx_half(w->minimum))
#endif

FX_INLINE void block_q8_0(const fx_q8_0 *w, const fx_codes *x, size_t g, floats *sums,
                          float *offset) {
  signed_bytes values;
  floats products;
  __builtin_memcpy(&values, w->values, sizeof values);
  multiply_whole(&values, x->high + 32 * g, x->low + 32 * g, &products);
  *sums += products * (fx_half(w->scale) * x->scales[g] / 128);
}

// MARK: Blocks of 256 weights

typedef uint8_t eight_bytes __attribute__((vector_size(8)));
typedef int8_t eight_signed __attribute__((vector_size(8)));

// scale * s * that of the codes, for each of eight groups; the minima go to the sums.
FX_INLINE void scale_groups(const uint8_t packed[12], uint16_t scale, uint16_t minimum,
                            const fx_codes *x, size_t g, float y[8], floats *sums) {
  eight_bytes scales, minima;
  floats code_scales, code_sums;
  unpack_groups(packed, (uint8_t *)&scales, (uint8_t *)&minima);
  __builtin_memcpy(&code_scales, x->scales + g, sizeof code_scales);
  __builtin_memcpy(&code_sums, x->sums + g, sizeof code_sums);
  const floats all = __builtin_convertvector(scales, floats) * fx_half(scale) * code_scales;
  __builtin_memcpy(y, &all, sizeof all);
  *sums -= __builtin_convertvector(minima, floats) * fx_half(minimum) * code_sums;
}

FX_INLINE void block_q4_k(const fx_q4_k *w, const fx_codes *x, size_t g, floats *sums,
                          float *offset) {
  float scales[8];
  scale_groups(w->groups, w->scale, w->minimum, x, g, scales, sums);
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    bytes values;
    load_group(w->nibbles + i / 2 * 32, i % 2 * 4, &values);
    add(&values, x->high + 32 * (g + i), scales[i], sums);
  }
}

FX_INLINE void block_q5_k(const fx_q5_k *w, const fx_codes *x, size_t g, floats *sums,
                          float *offset) {
  float scales[8];
  bytes fifths;
  scale_groups(w->groups, w->scale, w->minimum, x, g, scales, sums);
  __builtin_memcpy(&fifths, w->fifths, sizeof fifths);
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    bytes values;
    load_group(w->nibbles + i / 2 * 32, i % 2 * 4, &values);
    values |= (fifths >> i & 1) << 4;
    add(&values, x->high + 32 * (g + i), scales[i], sums);
  }
}

// One of eight runs of two groups of 16, scaled by lanes of `first` and `second`.
#define ADD_RUN(run)                                                                          \
  do {                                                                                        \
    bytes values, pairs;                                                                      \
    floats products;                                                                          \
    load_group(w->nibbles + run / 4 * 64 + run % 2 * 32, run % 4 / 2 * 4, &values);           \
    __builtin_memcpy(&pairs, w->pairs + run / 4 * 32, sizeof pairs);                          \
    const signed_bytes six = (signed_bytes)(values | (pairs >> run % 4 * 2 & 3) << 4) - 32;   \
    multiply_whole(&six, x->high + 32 * (g + run), x->low + 32 * (g + run), &products);       \
    *sums += products * __builtin_shufflevector(first, second, run, run, run, run, run + 8,   \
                                                run + 8, run + 8, run + 8);                   \
  } while (0)

FX_INLINE void block_q6_k(const fx_q6_k *w, const fx_codes *x, size_t g, floats *sums,
                          float *offset) {
  typedef int8_t sixteen __attribute__((vector_size(16)));
  sixteen groups;
  floats scales;
  __builtin_memcpy(&groups, w->groups, sizeof groups);
  __builtin_memcpy(&scales, x->scales + g, sizeof scales);
  scales *= fx_half(w->scale) / 128;
  const eight_signed even = __builtin_shufflevector(groups, groups, 0, 2, 4, 6, 8, 10, 12, 14);
  const eight_signed odd = __builtin_shufflevector(groups, groups, 1, 3, 5, 7, 9, 11, 13, 15);
  const floats first = __builtin_convertvector(even, floats) * scales;
  const floats second = __builtin_convertvector(odd, floats) * scales;
  ADD_RUN(0);
  ADD_RUN(1);
  ADD_RUN(2);
  ADD_RUN(3);
  ADD_RUN(4);
  ADD_RUN(5);
  ADD_RUN(6);
  ADD_RUN(7);
}

// MARK: Rows

enum { AHEAD = 2048 };  // bytes: the processor's own prefetching stops where a page ends

#define FX_DOT(type, size)                                                                \
  void FX_NAME(type)(const void *weights, size_t rows, size_t columns, const fx_codes *x, \
                     float *y) {                                                          \
    const size_t blocks = columns / size;                                                 \
    const fx_##type *w = weights;                                                         \
    for (size_t r = 0; r < rows; r++, w += blocks) {                                      \
      floats even = {0}, odd = {0};                                                       \
      float offset = 0;                                                                   \
      for (size_t b = 0; b < blocks; b += 2) {                                            \
        for (size_t i = 0; i < 2 * sizeof *w; i += 64)                                    \
          __builtin_prefetch((const char *)(w + b) + AHEAD + i);                          \
        block_##type(w + b, x, size / 32 * b, &even, &offset);                            \
        if (b + 1 < blocks) block_##type(w + b + 1, x, size / 32 * (b + 1), &odd, &offset); \
      }                                                                                   \
      const floats s = even + odd;                                                        \
      y[r] = ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7])) + offset;  \
    }                                                                                     \
  }

#ifndef FX_EIGHT_BLOCKS
FX_DOT(q4_0, 32)
FX_DOT(q4_1, 32)
FX_DOT(q5_0, 32)
FX_DOT(q5_1, 32)
#endif
FX_DOT(q8_0, 32)
FX_DOT(q4_k, 256)
FX_DOT(q5_k, 256)
FX_DOT(q6_k, 256)
