#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// PNG, JPEG and WebP files, with the libraries' error handling kept inside C: libpng and libjpeg
// report errors by longjmp, which must not cross a Swift frame.

enum { IMAGE_READER_MESSAGE_CAPACITY = 256 };

// What a decoder hands out: rows of `width * channels` bytes, top first.
struct image_header {
  uint32_t width, height;
  uint32_t channels;  // 3 RGB; 4 RGBA from a PNG or WebP, CMYK from a JPEG
};

// The reading functions read the header and, if `pixels` is not null, the image too.  `pixels` has room
// for `capacity` bytes; an image that needs another number is an error.  They return false with the
// library's text in `message` when the file cannot be decoded.

// There are 4 channels when `keep_alpha` is set and the file has an alpha channel or a tRNS chunk.
// Samples are 8 bit: deeper ones lose their low byte, shallower ones are spread over 0...255.
// Gamma and colour profiles are ignored.
bool image_read_png(const uint8_t *bytes, size_t count, bool keep_alpha,
                    struct image_header *header, uint8_t *pixels, size_t capacity,
                    char message[IMAGE_READER_MESSAGE_CAPACITY]);

// Grey, YCbCr and RGB files come out as RGB, CMYK and YCCK files as CMYK with the file's polarity.
// Bad data inside a whole file is no error, the end of the file before the end of the image is.
bool image_read_jpeg(const uint8_t *bytes, size_t count, struct image_header *header,
                     uint8_t *pixels, size_t capacity,
                     char message[IMAGE_READER_MESSAGE_CAPACITY]);

// There are 4 channels when `keep_alpha` is set and the file has transparency.  An animation is an
// error.
bool image_read_webp(const uint8_t *bytes, size_t count, bool keep_alpha,
                     struct image_header *header, uint8_t *pixels, size_t capacity,
                     char message[IMAGE_READER_MESSAGE_CAPACITY]);

// Writes RGB pixels as a JPEG file with halved colour resolution into memory that the caller frees.
// Returns false if there is no memory left or a side is beyond the format's 65,500.
bool image_write_jpeg(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                      uint8_t **bytes, unsigned long *count);
