// TIFF pixels as they are stored -> 8-bit RGB, RGBA or inverted CMYK.
#include "tiff_pixels.h"

#include <stdio.h>
#include <string.h>

// MARK: what is stored

static bool is_known_compression(uint16_t compression) {
  switch (compression) {
    case COMPRESSION_NONE:
    case COMPRESSION_CCITTRLE:
    case COMPRESSION_CCITTFAX3:
    case COMPRESSION_CCITTFAX4:
    case COMPRESSION_LZW:
    case COMPRESSION_OJPEG:
    case COMPRESSION_JPEG:
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
    case COMPRESSION_PACKBITS:
    case COMPRESSION_LZMA:
    case COMPRESSION_ZSTD:
    case COMPRESSION_WEBP: return TIFFIsCODECConfigured(compression);
    default: return false;
  }
}

static bool is_known_kind(const struct tiff_layout *layout) {
  const uint16_t bits = layout->bits, format = layout->format;
  const bool is_unsigned = format == SAMPLEFORMAT_UINT;
  switch (layout->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
      if (layout->samples > 1) return is_unsigned && (bits == 8 || bits == 16);
      if (bits == 32 && format == SAMPLEFORMAT_IEEEFP) return true;
      if (bits == 8 || bits == 16 || bits == 32) return is_unsigned || format == SAMPLEFORMAT_INT;
      return is_unsigned && (bits == 1 || bits == 2 || bits == 4 || bits == 12);
    case PHOTOMETRIC_PALETTE:
      if (bits == 8) return is_unsigned;
      return is_unsigned && layout->samples == 1 && (bits == 1 || bits == 2 || bits == 4);
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_SEPARATED: return is_unsigned && (bits == 8 || bits == 16);
    case PHOTOMETRIC_YCBCR: return is_unsigned && bits == 8 && layout->samples == 3;
    default: return false;
  }
}

static uint16_t colours_of(uint16_t photometric) {
  switch (photometric) {
    case PHOTOMETRIC_SEPARATED: return 4;
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_YCBCR: return 3;
    default: return 1;
  }
}

static enum image_outcome says(enum image_outcome outcome, char *text, const char *what) {
  snprintf(text, IMAGE_READER_MESSAGE_CAPACITY, "%s", what);
  return outcome;
}

enum image_outcome tiff_describe(TIFF *tiff, struct tiff_layout *layout,
                                 char text[IMAGE_READER_MESSAGE_CAPACITY]) {
  uint16_t planar, extra_count, *extras;
  uint32_t kind;
  void *version;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &layout->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &layout->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &layout->compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extras);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &kind);
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout->photometric))
    layout->photometric = PHOTOMETRIC_MINISWHITE;  // as PIL takes it
  if (layout->compression == COMPRESSION_OJPEG) layout->photometric = PHOTOMETRIC_YCBCR;
  if (layout->photometric == PHOTOMETRIC_YCBCR && layout->samples == 1)
    layout->photometric = PHOTOMETRIC_MINISBLACK;
  layout->is_planar = planar == PLANARCONFIG_SEPARATE && layout->samples > 1;
  layout->colours = colours_of(layout->photometric);

  if ((kind & FILETYPE_REDUCEDIMAGE) || TIFFGetField(tiff, TIFFTAG_DNGVERSION, &version))
    return says(IMAGE_UNSUPPORTED, text, "its first image is a preview, as in cameras' raw files");
  if (!is_known_compression(layout->compression)) {
    snprintf(text, IMAGE_READER_MESSAGE_CAPACITY, "compression %u", layout->compression);
    return IMAGE_UNSUPPORTED;
  }
  if (layout->samples < layout->colours || layout->samples > 8 || !is_known_kind(layout)) {
    snprintf(text, IMAGE_READER_MESSAGE_CAPACITY,
             "%u samples of %u bits, sample format %u, photometric interpretation %u", layout->samples,
             layout->bits, layout->format, layout->photometric);
    return IMAGE_UNSUPPORTED;
  }
  if (layout->photometric == PHOTOMETRIC_PALETTE &&
      !TIFFGetField(tiff, TIFFTAG_COLORMAP, &layout->palette[0], &layout->palette[1],
                    &layout->palette[2]))
    return says(IMAGE_DAMAGED, text, "it has no palette");

  const bool has_more =
      layout->samples > layout->colours && layout->photometric != PHOTOMETRIC_SEPARATED;
  const uint16_t extra = extra_count > 0 ? extras[0] : EXTRASAMPLE_UNASSALPHA;
  layout->has_alpha = has_more && extra != EXTRASAMPLE_UNSPECIFIED;
  layout->is_multiplied = layout->has_alpha && extra == EXTRASAMPLE_ASSOCALPHA;
  if (layout->photometric == PHOTOMETRIC_YCBCR) {
    if (layout->compression == COMPRESSION_JPEG && !layout->is_planar)
      TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    else
      layout->needs_rgba = true;
  }
  return IMAGE_READ;
}

// MARK: samples to 8 bits

static uint8_t clamped(int64_t value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

static uint8_t sample_of_32_bits(const struct tiff_layout *layout, const uint8_t *bytes) {
  uint32_t whole;
  int32_t with_sign;
  float number;
  memcpy(&whole, bytes, sizeof whole);
  memcpy(&with_sign, bytes, sizeof with_sign);
  memcpy(&number, bytes, sizeof number);
  if (layout->format == SAMPLEFORMAT_UINT) return clamped(whole);
  if (layout->format == SAMPLEFORMAT_INT) return clamped(with_sign);
  return number > 0 ? (uint8_t)(number < 255 ? number : 255) : 0;
}

// Sample i of a row; deeper ones lose their low bits, shallower ones are spread over 0...255 but for
// indices into a palette.
static uint8_t sample(const struct tiff_layout *layout, const uint8_t *row, size_t i) {
  const unsigned bits = layout->bits;
  switch (bits) {
    case 8: return row[i];
    case 12: {
      const uint8_t *pair = row + i / 2 * 3;
      return i % 2 ? (uint8_t)(pair[1] << 4 | pair[2] >> 4) : pair[0];
    }
    case 16: {
      uint16_t value;
      memcpy(&value, row + 2 * i, sizeof value);
      return layout->format == SAMPLEFORMAT_INT ? clamped((int16_t)value) : (uint8_t)(value >> 8);
    }
    case 32: return sample_of_32_bits(layout, row + 4 * i);
    default: {
      const unsigned top = (1u << bits) - 1;
      const unsigned value = row[i * bits / 8] >> (8 - bits - i * bits % 8) & top;
      return (uint8_t)(layout->photometric == PHOTOMETRIC_PALETTE ? value : value * (255 / top));
    }
  }
}

static bool is_inverted(const struct tiff_layout *layout) {
  return layout->photometric == PHOTOMETRIC_SEPARATED ||
         (layout->photometric == PHOTOMETRIC_MINISWHITE && layout->format != SAMPLEFORMAT_IEEEFP);
}

// Puts one of the pixels' samples, number `s`, where it belongs among their channels.  Sample number
// `s` of pixel x is sample x * step + first of the row.
static void put(const struct tiff_layout *layout, const uint8_t *row, size_t step, size_t first, uint16_t s,
                size_t width, uint8_t *pixels, uint32_t channels) {
  const uint8_t flip = s < layout->colours && is_inverted(layout) ? 255 : 0;
  for (size_t x = 0; x < width; x++) {
    uint8_t *pixel = pixels + x * channels;
    const uint8_t value = sample(layout, row, x * step + first);
    if (s == layout->colours) {
      pixel[3] = value;
    } else if (layout->colours > 1) {
      pixel[s] = value ^ flip;
    } else {
      for (int c = 0; c < 3; c++)
        pixel[c] = layout->palette[c] ? (uint8_t)(layout->palette[c][value] >> 8) : value ^ flip;
    }
  }
}

int64_t tiff_row_size(const struct tiff_layout *layout, uint32_t width) {
  const int64_t samples = layout->is_planar ? 1 : layout->samples;
  return ((int64_t)width * samples * layout->bits + 7) / 8;
}

uint16_t tiff_used_samples(const struct tiff_layout *layout, uint32_t channels) {
  return layout->has_alpha && channels == 4 ? layout->colours + 1 : layout->colours;
}

void tiff_put_row(const struct tiff_layout *layout, const uint8_t *row, uint16_t plane, size_t width,
                  uint8_t *pixels, uint32_t channels) {
  if (layout->is_planar) {
    put(layout, row, 1, 0, plane, width, pixels, channels);
    return;
  }
  for (uint16_t s = 0; s < tiff_used_samples(layout, channels); s++)
    put(layout, row, layout->samples, s, s, width, pixels, channels);
}

void tiff_divide_by_alpha(uint8_t *pixels, size_t count) {
  for (size_t i = 0; i < count; i++, pixels += 4)
    for (int c = 0; c < 3; c++)
      pixels[c] = pixels[3] ? clamped(255 * pixels[c] / pixels[3]) : 0;
}
