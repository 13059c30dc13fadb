#pragma once
#include <tiffio.h>

#include "CImageIO.h"

// How a TIFF file stores its pixels.
struct tiff_layout {
  uint16_t photometric, bits, samples, format, compression;
  uint16_t colours;  // samples before the alpha channel and others
  bool is_planar;
  bool has_alpha, is_multiplied;  // colours by alpha
  bool needs_rgba;                // libtiff converts
  const uint16_t *palette[3];
};

// Learns the layout and prepares the file for reading.  Returns another outcome than IMAGE_READ, and
// why, for pixels that are not read here.
enum image_outcome tiff_describe(TIFF *tiff, struct tiff_layout *layout,
                                 char text[IMAGE_READER_MESSAGE_CAPACITY]);

// Bytes of the samples of so many pixels in a row.
int64_t tiff_row_size(const struct tiff_layout *layout, uint32_t width);

// Samples of a pixel that are used: colours, and alpha where there are channels for it.
uint16_t tiff_used_samples(const struct tiff_layout *layout, uint32_t channels);

// Puts a row of a strip or tile, all samples of a pixel together or those of one plane, into pixels.
void tiff_put_row(const struct tiff_layout *layout, const uint8_t *row, uint16_t plane, size_t width,
                  uint8_t *pixels, uint32_t channels);

// Undoes the multiplication of RGBA pixels by alpha, rounded as PIL does.
void tiff_divide_by_alpha(uint8_t *pixels, size_t count);
