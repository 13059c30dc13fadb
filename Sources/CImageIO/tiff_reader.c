#include "libraries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tiffio.h>

#include "tiff_pixels.h"

#if !TIFFLIB_AT_LEAST(4, 5, 0)
#error "libtiff 4.5 or later is needed: older ones report errors to the whole process"
#endif

// What libtiff may take in one piece, and what one tile or the rows of one strip may need here.
static const int64_t LARGEST_PIECE = INT64_C(1) << 30, LARGEST_BUFFER = INT64_C(1) << 28;

// MARK: the file, and what is wrong with it

struct source {
  const uint8_t *bytes;
  size_t count, offset;
  char *message;  // the first text is kept: those after it follow from it
  enum image_outcome outcome;
};

static bool fail(struct source *source, enum image_outcome outcome, const char *text) {
  if (source->outcome == IMAGE_READ) {
    source->outcome = outcome;
    snprintf(source->message, IMAGE_READER_MESSAGE_CAPACITY, "%s", text);
  }
  return false;
}

static int keep_error(TIFF *tiff, void *user, const char *module, const char *format, va_list values) {
  char text[IMAGE_READER_MESSAGE_CAPACITY];
  vsnprintf(text, sizeof text, format, values);
  const bool no_memory = strstr(text, "Out of memory") || strstr(text, "No space");
  fail(user, no_memory ? IMAGE_OUT_OF_MEMORY : IMAGE_DAMAGED, text);
  return 1;
}

static int ignore_warning(TIFF *tiff, void *user, const char *module, const char *format,
                          va_list values) {
  return 1;
}

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t count) {
  struct source *source = handle;
  const size_t left = source->count - source->offset;
  const size_t given = (size_t)count < left ? (size_t)count : left;
  memcpy(out, source->bytes + source->offset, given);
  source->offset += given;
  return (tmsize_t)given;
}

static tmsize_t write_bytes(thandle_t handle, void *bytes, tmsize_t count) { return 0; }

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
  struct source *source = handle;
  const toff_t start = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source->offset : source->count;
  const toff_t place = start + offset;
  source->offset = place < source->count ? (size_t)place : source->count;
  return source->offset;
}

static int close_file(thandle_t handle) { return 0; }

static toff_t file_size(thandle_t handle) { return ((struct source *)handle)->count; }

static int map(thandle_t handle, void **base, toff_t *size) {
  struct source *source = handle;
  *base = (void *)source->bytes;
  *size = source->count;
  return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size) {}

static TIFF *open_file(struct source *source) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) return NULL;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, LARGEST_PIECE);
  TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, source);
  TIFFOpenOptionsSetWarningHandlerExtR(options, ignore_warning, NULL);
  TIFF *tiff = TIFFClientOpenExt("TIFF", "r", source, read_bytes, write_bytes, seek, close_file,
                                 file_size, map, unmap, options);
  TIFFOpenOptionsFree(options);
  return tiff;
}

// MARK: rows, tiles, and libtiff's own conversion

static uint8_t *buffer_of(struct source *source, int64_t needed, int64_t size) {
  if (size < needed || size > LARGEST_BUFFER) {
    fail(source, IMAGE_DAMAGED, "a strip or tile has an impossible size");
    return NULL;
  }
  uint8_t *buffer = calloc((size_t)size, 1);  // libtiff leaves out parts of some damaged rows
  if (!buffer) fail(source, IMAGE_OUT_OF_MEMORY, "out of memory");
  return buffer;
}

static bool read_rows(TIFF *tiff, struct source *source, const struct tiff_layout *layout,
                      const struct image_header *header, uint8_t *pixels) {
  uint8_t *row = buffer_of(source, tiff_row_size(layout, header->width), TIFFScanlineSize64(tiff));
  const size_t stride = (size_t)header->width * header->channels;
  const uint16_t planes = layout->is_planar ? tiff_used_samples(layout, header->channels) : 1;
  bool is_read = row != NULL;
  for (uint16_t plane = 0; is_read && plane < planes; plane++)
    for (uint32_t y = 0; is_read && y < header->height; y++) {
      is_read = TIFFReadScanline(tiff, row, y, plane) >= 0;
      if (is_read)
        tiff_put_row(layout, row, plane, header->width, pixels + y * stride, header->channels);
    }
  free(row);
  return is_read;
}

static bool read_tiles(TIFF *tiff, struct source *source, const struct tiff_layout *layout,
                       const struct image_header *header, uint8_t *pixels) {
  uint32_t width = 0, height = 0;
  TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
  TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
  if (width == 0 || height == 0) return fail(source, IMAGE_DAMAGED, "its tiles have no size");
  const int64_t tile_row = (int64_t)TIFFTileRowSize64(tiff);
  if (tile_row < tiff_row_size(layout, width) || height > LARGEST_BUFFER / tile_row)
    return fail(source, IMAGE_DAMAGED, "a strip or tile has an impossible size");
  uint8_t *tile = buffer_of(source, tile_row * height, TIFFTileSize64(tiff));
  const uint16_t planes = layout->is_planar ? tiff_used_samples(layout, header->channels) : 1;
  bool is_read = tile != NULL;
  for (uint16_t plane = 0; is_read && plane < planes; plane++)
    for (uint64_t top = 0; is_read && top < header->height; top += height)
      for (uint64_t left = 0; is_read && left < header->width; left += width) {
        is_read = TIFFReadTile(tiff, tile, (uint32_t)left, (uint32_t)top, 0, plane) >= 0;
        const uint64_t across = header->width - left < width ? header->width - left : width;
        for (uint64_t y = 0; is_read && y < height && top + y < header->height; y++)
          tiff_put_row(layout, tile + y * tile_row, plane, across,
                  pixels + ((top + y) * header->width + left) * header->channels, header->channels);
      }
  free(tile);
  return is_read;
}

// Subsampled YCbCr is left to libtiff, strip by strip.
static bool read_as_rgba(TIFF *tiff, struct source *source, const struct image_header *header,
                         uint8_t *pixels) {
  char text[1024] = "";
  TIFFRGBAImage image;
  if (!TIFFRGBAImageOK(tiff, text) || !TIFFRGBAImageBegin(&image, tiff, 1, text))
    return fail(source, IMAGE_DAMAGED, text);
  image.req_orientation = image.orientation = ORIENTATION_TOPLEFT;
  uint32_t rows = header->height;
  TIFFGetField(tiff, TIFFIsTiled(tiff) ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP, &rows);
  if (rows == 0 || rows > header->height) rows = header->height;
  const int64_t size = INT64_C(4) * header->width * rows;
  uint32_t *raster = (uint32_t *)(void *)buffer_of(source, size, size);
  bool is_read = raster != NULL;
  for (uint64_t top = 0; is_read && top < header->height; top += rows) {
    const uint32_t count = header->height - top < rows ? (uint32_t)(header->height - top) : rows;
    image.row_offset = (int)top;
    is_read = TIFFRGBAImageGet(&image, raster, header->width, count);
    for (size_t i = 0; is_read && i < (size_t)header->width * count; i++) {
      uint8_t *pixel = pixels + ((size_t)top * header->width + i) * 3;
      pixel[0] = (uint8_t)TIFFGetR(raster[i]);
      pixel[1] = (uint8_t)TIFFGetG(raster[i]);
      pixel[2] = (uint8_t)TIFFGetB(raster[i]);
    }
  }
  free(raster);
  TIFFRGBAImageEnd(&image);
  return is_read;
}

static bool read_file(TIFF *tiff, struct source *source, bool keep_alpha, struct image_header *header,
                      uint8_t *pixels, size_t capacity) {
  struct tiff_layout layout = {0};
  uint16_t orientation;
  header->width = header->height = 0;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &header->width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &header->height);
  if (header->width == 0 || header->height == 0)
    return fail(source, IMAGE_DAMAGED, "it has no size");
  char text[IMAGE_READER_MESSAGE_CAPACITY];
  const enum image_outcome outcome = tiff_describe(tiff, &layout, text);
  if (outcome != IMAGE_READ) return fail(source, outcome, text);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
  header->orientation = orientation;
  header->has_ink = layout.photometric == PHOTOMETRIC_SEPARATED;
  const bool shows_alpha = layout.has_alpha && (keep_alpha || layout.is_multiplied);
  header->channels = header->has_ink || shows_alpha ? 4 : 3;
  if (!pixels) return true;

  const size_t count = (size_t)header->width * header->height;
  if (capacity != count * header->channels)
    return fail(source, IMAGE_DAMAGED, "the header changed between reads");
  const bool is_read = layout.needs_rgba    ? read_as_rgba(tiff, source, header, pixels)
                       : TIFFIsTiled(tiff) ? read_tiles(tiff, source, &layout, header, pixels)
                                           : read_rows(tiff, source, &layout, header, pixels);
  if (is_read && layout.is_multiplied) tiff_divide_by_alpha(pixels, count);
  return is_read;
}

enum image_outcome image_read_tiff(const uint8_t *bytes, size_t count, bool keep_alpha,
                                   struct image_header *header, uint8_t *pixels, size_t capacity,
                                   char message[IMAGE_READER_MESSAGE_CAPACITY]) {
  struct source source = {.bytes = bytes, .count = count, .message = message, .outcome = IMAGE_READ};
  TIFF *tiff = open_file(&source);
  const bool is_read = tiff && read_file(tiff, &source, keep_alpha, header, pixels, capacity);
  if (tiff) TIFFClose(tiff);
  if (is_read) return IMAGE_READ;
  fail(&source, IMAGE_DAMAGED, "its data end early or are not valid");
  return source.outcome;
}
