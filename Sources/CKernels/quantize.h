#pragma once
#include "multiversion.h"

// The whole part of a value, held to 0...top; 0 for what is not a number.
FX_INLINE uint8_t clamp_code(float value, int top) {
  return value > 0 ? value < (float)top ? (uint8_t)value : (uint8_t)top : 0;
}

// The nearest whole number, ties to even, held to low...high.
FX_INLINE int nearest(float value, int low, int high) {
  const float held = value > (float)low ? value < (float)high ? value : (float)high : (float)low;
  // Between 2^23 and 2^24 floats are whole, so that adding 1.5 * 2^23 rounds.
  return (int)(held + 12582912.0f - 12582912.0f);
}

FX_INLINE void pack_nibbles(const uint8_t codes[32], uint8_t nibbles[16]) {
  for (int i = 0; i < 16; i++)
    nibbles[i] = (uint8_t)((codes[i] & 15) | (codes[i + 16] & 15) << 4);
}
