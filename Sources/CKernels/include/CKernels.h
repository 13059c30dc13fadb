// Kernels that Swift does not vectorise: float reductions, exponentials, half-precision loads and
// packed weights.
// Each is one plain loop, compiled for AVX-512, AVX2 and the baseline and chosen at load time.
// Pointers need no alignment; outputs must not overlap inputs unless a comment says "in place".
#pragma once
#include <stddef.h>
#include <stdint.h>

// MARK: Blocks of quantised weights, as ggml lays them out. Scales and minima ("scale", "minimum")
// are half-precision bits; a nibble array holds place i in the low half of byte i and place i + n/2
// (i + 32 in a K block) in the high half.

/// 32 weights: scale * (nibble - 8)
typedef struct {
  uint16_t scale;
  uint8_t nibbles[16];
} fx_q4_0;
/// 32 weights: scale * nibble + minimum
typedef struct {
  uint16_t scale, minimum;
  uint8_t nibbles[16];
} fx_q4_1;
/// 32 weights: scale * (nibble + 16 fifth - 16), fifth bits by place
typedef struct {
  uint16_t scale;
  uint8_t fifths[4], nibbles[16];
} fx_q5_0;
/// 32 weights: scale * (nibble + 16 fifth) + minimum
typedef struct {
  uint16_t scale, minimum;
  uint8_t fifths[4], nibbles[16];
} fx_q5_1;
/// 32 weights: scale * value
typedef struct {
  uint16_t scale;
  int8_t values[32];
} fx_q8_0;
/// 256 weights in groups of 32: scale * s * nibble - minimum * m, with six bits for s and for m
typedef struct {
  uint16_t scale, minimum;
  uint8_t groups[12], nibbles[128];
} fx_q4_k;
/// 256 weights in groups of 32: scale * s * (nibble + 16 fifth) - minimum * m
typedef struct {
  uint16_t scale, minimum;
  uint8_t groups[12], fifths[32], nibbles[128];
} fx_q5_k;
/// 256 weights in groups of 16: scale * s * (six bits - 32)
typedef struct {
  uint8_t nibbles[128], pairs[64];
  int8_t groups[16];
  uint16_t scale;
} fx_q6_k;

// For each type T of f32, f16, bf16, q4_0, q4_1, q5_0, q5_1, q8_0, q4_k, q5_k, q6_k; counts and
// columns are in weights, whole blocks.

// MARK: dequantize.c -- y[i] = float(x[i]), rounded as ggml's own dequantisation rounds

void fx_widen_f32(const void *x, size_t count, float *y);
void fx_widen_f16(const void *x, size_t count, float *y);
void fx_widen_bf16(const void *x, size_t count, float *y);
void fx_widen_q4_0(const void *x, size_t count, float *y);
void fx_widen_q4_1(const void *x, size_t count, float *y);
void fx_widen_q5_0(const void *x, size_t count, float *y);
void fx_widen_q5_1(const void *x, size_t count, float *y);
void fx_widen_q8_0(const void *x, size_t count, float *y);
void fx_widen_q4_k(const void *x, size_t count, float *y);
void fx_widen_q5_k(const void *x, size_t count, float *y);
void fx_widen_q6_k(const void *x, size_t count, float *y);

// MARK: matvec.c -- y[r] = sum_c w[r, c] x[c], rows contiguous

void fx_matvec_f32(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_f16(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_bf16(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_q4_0(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_q4_1(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_q5_0(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_q5_1(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_q8_0(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_q4_k(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_q5_k(const void *w, size_t rows, size_t columns, const float *x, float *y);
void fx_matvec_q6_k(const void *w, size_t rows, size_t columns, const float *x, float *y);

// MARK: codes.c, dot.c -- the same for quantised weights, with x in integers

/// A row of numbers in groups of 32: scale * (high + low / 128), with low from -64 to 63.
typedef struct {
  int8_t *high, *low;    // aligned to 32 bytes
  float *scales, *sums;  // of groups: the scale, and the scale times the sum of high
} fx_codes;

/// The nearest codes of whole groups.
void fx_encode(const float *x, size_t count, fx_codes y);

/// y[r] = sum_c w[r, c] x[c]; weights of four and five bits meet the high codes alone.
typedef void fx_dot(const void *w, size_t rows, size_t columns, const fx_codes *x, float *y);

/// The kernel for instructions of a level as `fx_dot_level` counts; null if there is none.
fx_dot *fx_dot_q4_0(int level);
fx_dot *fx_dot_q4_1(int level);
fx_dot *fx_dot_q5_0(int level);
fx_dot *fx_dot_q5_1(int level);
fx_dot *fx_dot_q8_0(int level);
fx_dot *fx_dot_q4_k(int level);
fx_dot *fx_dot_q5_k(int level);
fx_dot *fx_dot_q6_k(int level);

// MARK: bfloat16.c, product_avx512.c, product_amx.c -- products for many rows

/// Outputs that are packed and multiplied together.
#define FX_GROUP 64
/// Inputs, filled up with zeros to what one instruction of AMX takes.
#define FX_DEPTH(columns) (((columns) + 31) / 32 * 32)

/// y[i] = the nearest bfloat16, ties to even.
void fx_narrow_bf16(const float *x, size_t count, uint16_t *y);

/// y = float(x)
typedef void fx_widen(const void *x, size_t count, float *y);

/// Packs up to FX_GROUP rows of stored weights. Sixteen rows make a panel, [FX_DEPTH(columns) / 2,
/// 16, 2]: pairs of neighbouring inputs, side by side for the sixteen. Outputs that a last panel
/// lacks are zeros.
///
/// `chunk_bytes`: what 256 weights take.
void fx_pack_bf16(const void *w, size_t row_bytes, size_t chunk_bytes, fx_widen *widen, size_t rows,
                  size_t columns, uint16_t *panels);

/// The same for a matrix whose columns are the outputs: up to FX_GROUP columns of rows that lie
/// `stride` floats apart.
void fx_pack_columns_bf16(const float *x, size_t stride, size_t rows, size_t columns,
                          uint16_t *panels);

/// c[r, j] = (adding ? c[r, j] : 0) + (bias ? bias[j] : 0) + sum_k a[r, k] b[j, k] in float32, for a
/// packed group of `columns` outputs. Reads memory of 31 rows of a behind the last, and of a whole
/// group of panels, whatever it holds.
typedef void fx_product(const uint16_t *a, size_t a_stride, size_t rows, const uint16_t *panels,
                        size_t depth, size_t columns, const float *bias, int adding, float *c,
                        size_t c_stride);

/// The kernel for instructions of a level as `fx_product_level` counts; null if there is none.
fx_product *fx_product_kernel(int level);

// MARK: unpack.c, product_vnni.c -- products of quantised weights for many rows, with x in codes

/// Groups of 32 weights: scale * u + minimum.
typedef void fx_unpack(const void *w, size_t groups, uint8_t *u, float *scales, float *minima);

fx_unpack fx_unpack_q4_0;
fx_unpack fx_unpack_q4_1;
fx_unpack fx_unpack_q5_0;
fx_unpack fx_unpack_q5_1;
fx_unpack fx_unpack_q8_0;
fx_unpack fx_unpack_q4_k;
fx_unpack fx_unpack_q5_k;

/// Bytes that a packed group takes.
#define FX_PACKED_BYTES 40

/// Packs up to FX_GROUP rows of stored weights; columns are whole groups.
///
/// `chunk_bytes`: what 256 weights take.
void fx_pack_bytes(const void *w, size_t row_bytes, size_t chunk_bytes, fx_unpack *unpack,
                   size_t rows, size_t columns, void *panels);

/// c[r, j] = (adding ? c[r, j] : 0) + (bias ? bias[j] : 0) + sum_k x[r, k] w[j, k] with the high
/// codes of x, whose rows lie `x_stride` bytes apart, and a packed group of `columns` outputs.
void fx_product_bytes(const fx_codes *x, size_t x_stride, size_t rows, const void *panels,
                      size_t groups, size_t columns, const float *bias, int adding, float *c,
                      size_t c_stride);

// MARK: quantize.c, quantize_k.c -- the nearest that a type can hold, bit for bit as ggml's
// reference code chooses it

void fx_quantize_f32(const float *x, size_t count, void *y);
void fx_quantize_f16(const float *x, size_t count, void *y);
void fx_quantize_bf16(const float *x, size_t count, void *y);
void fx_quantize_q4_0(const float *x, size_t count, void *y);
void fx_quantize_q4_1(const float *x, size_t count, void *y);
void fx_quantize_q5_0(const float *x, size_t count, void *y);
void fx_quantize_q5_1(const float *x, size_t count, void *y);
void fx_quantize_q8_0(const float *x, size_t count, void *y);
void fx_quantize_q4_k(const float *x, size_t count, void *y);
void fx_quantize_q5_k(const float *x, size_t count, void *y);
void fx_quantize_q6_k(const float *x, size_t count, void *y);

// MARK: compensate.c -- at most 256 weights of one row, packed; for types with K exactly 256

/// Packs w, which is overwritten. The error of weight i, divided by upper[i, i], goes to errors[i]
/// and, times upper[i, k], is taken off weight k > i. upper is [count, count] within rows that lie
/// `stride` floats apart: the Cholesky factor of the inverse of the inputs' products.
void fx_compensate_q4_0(float *w, size_t count, const float *upper, size_t stride, float *errors,
                        void *y);
void fx_compensate_q4_1(float *w, size_t count, const float *upper, size_t stride, float *errors,
                        void *y);
void fx_compensate_q4_k(float *w, size_t count, const float *upper, size_t stride, float *errors,
                        void *y);

// MARK: attention.c -- one query against rows that lie `stride` floats apart

/// scores[j] = scale * dot(query, keys[j])
void fx_scores(const float *query, const float *keys, size_t stride, size_t count, size_t width,
               float scale, float *scores);
/// output += sum_j weights[j] * values[j]
void fx_weighted_sum(const float *weights, const float *values, size_t stride, size_t count,
                     size_t width, float *output);

// MARK: softmax.c

/// In place: x[i] = exp(x[i] - max(x)). Returns the sum; the maximum goes to `maximum`.
float fx_exponentials(float *x, size_t count, float *maximum);
/// In place: x = softmax(x).
void fx_softmax(float *x, size_t count);

// MARK: norm.c -- one row

/// y = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias
void fx_layer_norm(const float *x, const float *weight, const float *bias, float epsilon,
                   size_t count, float *y);
/// y = x / sqrt(mean(x^2) + epsilon) * weight
void fx_rms_norm(const float *x, const float *weight, float epsilon, size_t count, float *y);

// MARK: activation.c

/// In place: x * sigmoid(1.702 x), CLIP's approximation of GELU.
void fx_quick_gelu(float *x, size_t count);
/// In place: x/2 * (1 + erf(x / sqrt 2)).
void fx_gelu(float *x, size_t count);
/// In place: gate = gate * sigmoid(gate) * up.
void fx_silu_product(float *gate, const float *up, size_t count);
/// In place, for each of `heads` vectors of `width` at x: rotates the pairs (i, i + width/2)
/// by the angles whose cosines and sines are given for i < width/2.
void fx_rotate_halves(float *x, size_t heads, size_t width, const float *cosines,
                      const float *sines);
/// The same with the pairs (2i, 2i + 1).
void fx_rotate_neighbours(float *x, size_t heads, size_t width, const float *cosines,
                          const float *sines);

// MARK: resample.c -- 8-bit samples under weights with 22 fraction bits; rounded, held to 0...255

/// Rows that are resampled together.
#define FX_RESAMPLED_ROWS 16

/// Sixteen rows of RGB pixels: y[r, i] = sum_t weights[i, t] x[r, starts[i] + t], t < counts[i] <= taps.
/// Strides are in bytes, multiples of 16 that hold a row; scratch takes 16 of each.
void fx_resample_rows(const uint8_t *x, size_t x_stride, const int32_t *starts,
                      const int32_t *counts, const int32_t *weights, size_t taps, size_t count,
                      uint8_t *y, size_t y_stride, uint8_t *scratch);
/// y[i] = sum_t weights[t] rows[t, i], t < taps; rows are `count` long and contiguous.
void fx_blend_rows(const uint8_t *rows, const int32_t *weights, size_t taps, size_t count,
                   uint8_t *y);

// MARK: cpu.c

/// The instruction level that the kernels use on this processor: 4 (AVX-512), 3 (AVX2) or 1.
int fx_cpu_level(void);
/// The instructions for sums of products of bytes: 2 (AVX512-VNNI), 1 (AVX2) or 0.
int fx_dot_level(void);
/// The instructions for bfloat16: 2 (AMX), 1 (AVX512-BF16) or 0. Asks the system to let the process
/// use AMX.
int fx_product_level(void);
/// The cores that this process may run on.
int fx_core_count(void);

// MARK: memory.c

/// The sum of words, as fast as memory gives them.
uint64_t fx_sum_words(const uint64_t *x, size_t count);

// MARK: sha256.c

/// The SHA-256 digest of bytes.
void fx_sha256(const uint8_t *bytes, size_t count, uint8_t digest[32]);
