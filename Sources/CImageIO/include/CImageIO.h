#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// PNG and JPEG decoding with libpng's and libjpeg's own error handling kept inside C: both
// libraries report errors by longjmp, which must not cross a Swift frame.

enum { IMAGE_MESSAGE_CAPACITY = 256 };

// What a file holds, as the decoder hands it out: rows of `width * channels` bytes, top first.
struct image_header {
  uint32_t width, height;
  uint32_t channels;  // 1 grey, 3 RGB, 4 RGBA (PNG) or CMYK (JPEG)
};

// Each function reads the header and, if `pixels` is not null, the image too.  `pixels` has room
// for `capacity` bytes; an image that needs another number is an error.  Returns false with the
// library's text in `message` when the file cannot be decoded.

// Channels are 3, or 4 when `keep_alpha` is set and the file has an alpha channel or a tRNS chunk.
// Samples are 8 bit: deeper ones lose their low byte, shallower ones are spread over 0...255.
// Gamma and colour profiles are ignored.
bool image_read_png(const uint8_t *bytes, size_t count, bool keep_alpha,
                    struct image_header *header, uint8_t *pixels, size_t capacity,
                    char message[IMAGE_MESSAGE_CAPACITY]);
