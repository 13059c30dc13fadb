#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// PNG, JPEG, WebP and TIFF files, with the libraries' error handling kept inside C: libpng and libjpeg
// report errors by longjmp, which must not cross a Swift frame.

enum { IMAGE_READER_MESSAGE_CAPACITY = 256 };

// What became of a file; but for IMAGE_READ there is a text in `message`.
enum image_outcome {
  IMAGE_READ,
  IMAGE_DAMAGED,        // the library's text
  IMAGE_UNSUPPORTED,    // of a kind that is not read here: what kind
  IMAGE_OUT_OF_MEMORY,  // the decoder needs more memory than the system gives
};

// What a decoder hands out: rows of `width * channels` bytes, top first.
struct image_header {
  uint32_t width, height;
  uint32_t channels;     // 3 RGB; 4 RGBA, or CMYK where 255 is no ink
  bool has_ink;          // CMYK
  uint32_t orientation;  // of a TIFF file, 1 to 8 as in EXIF
};

// The reading functions read the header and, if `pixels` is not null, the image too.  `pixels` has room
// for `capacity` bytes; an image that needs another number is an error.  All of them are written where
// the outcome is IMAGE_READ.

// There are 4 channels when `keep_alpha` is set and the file has an alpha channel or a tRNS chunk.
// Samples are 8 bit: deeper ones lose their low byte, shallower ones are spread over 0...255.
// Gamma and colour profiles are ignored.
enum image_outcome image_read_png(const uint8_t *bytes, size_t count, bool keep_alpha,
                                  struct image_header *header, uint8_t *pixels, size_t capacity,
                                  char message[IMAGE_READER_MESSAGE_CAPACITY]);

// Grey, YCbCr and RGB files come out as RGB, CMYK and YCCK files as CMYK with the file's polarity.
// Bad data inside a whole file is no error, the end of the file before the end of the image is.
enum image_outcome image_read_jpeg(const uint8_t *bytes, size_t count, struct image_header *header,
                                   uint8_t *pixels, size_t capacity,
                                   char message[IMAGE_READER_MESSAGE_CAPACITY]);

// There are 4 channels when `keep_alpha` is set and the file has transparency.
enum image_outcome image_read_webp(const uint8_t *bytes, size_t count, bool keep_alpha,
                                   struct image_header *header, uint8_t *pixels, size_t capacity,
                                   char message[IMAGE_READER_MESSAGE_CAPACITY]);

// The first image of a file.  There are 4 channels when the file has an alpha channel and `keep_alpha`
// is set, or colours are stored multiplied by alpha, which is undone.  Samples become 8 bit as in PNG
// files; signed ones, those of 32 bits and floating-point numbers are held to 0...255, as PIL does.
enum image_outcome image_read_tiff(const uint8_t *bytes, size_t count, bool keep_alpha,
                                   struct image_header *header, uint8_t *pixels, size_t capacity,
                                   char message[IMAGE_READER_MESSAGE_CAPACITY]);

// Writes RGB pixels as a JPEG file with halved colour resolution into memory that the caller frees.
// Returns false if there is no memory left or a side is beyond the format's 65,500.
bool image_write_jpeg(const uint8_t *pixels, uint32_t width, uint32_t height, int quality,
                      uint8_t **bytes, unsigned long *count);
