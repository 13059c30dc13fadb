#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// PNG decoding with libpng's error handling kept inside C: libpng reports errors by longjmp, which
// must not cross a Swift frame.

enum { PNG_READER_MESSAGE_CAPACITY = 256 };

// What the decoder hands out: rows of `width * channels` bytes, top first.
struct png_reader_header {
  uint32_t width, height;
  uint32_t channels;  // 3 RGB, 4 RGBA
};

// Reads the header and, if `pixels` is not null, the image too.  `pixels` has room for `capacity`
// bytes; an image that needs another number is an error.  Returns false with libpng's text in
// `message` when the file cannot be decoded.
//
// There are 4 channels when `keep_alpha` is set and the file has an alpha channel or a tRNS chunk.
// Samples are 8 bit: deeper ones lose their low byte, shallower ones are spread over 0...255.
// Gamma and colour profiles are ignored.
bool png_reader_read(const uint8_t *bytes, size_t count, bool keep_alpha,
                     struct png_reader_header *header, uint8_t *pixels, size_t capacity,
                     char message[PNG_READER_MESSAGE_CAPACITY]);
