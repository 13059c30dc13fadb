#include "libraries.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageIO.h"

struct source {
  const uint8_t *next;
  size_t left;
  char *message;
  enum image_outcome outcome;
};

static void read_bytes(png_structp png, png_bytep out, size_t count) {
  struct source *source = png_get_io_ptr(png);
  if (count > source->left) png_error(png, "the file ends early");
  memcpy(out, source->next, count);
  source->next += count;
  source->left -= count;
}

static void fail(png_structp png, png_const_charp text) {
  struct source *source = png_get_error_ptr(png);
  snprintf(source->message, IMAGE_READER_MESSAGE_CAPACITY, "%s", text);
  png_longjmp(png, 1);
}

static png_voidp allocate(png_structp png, png_alloc_size_t count) {
  void *memory = malloc(count);
  if (!memory) ((struct source *)png_get_mem_ptr(png))->outcome = IMAGE_OUT_OF_MEMORY;
  return memory;
}

static void release(png_structp png, png_voidp memory) { free(memory); }

static void ignore_warning(png_structp png, png_const_charp text) {}

static void request_8_bit_rgb(png_structp png, png_infop info, bool keep_alpha) {
  png_set_palette_to_rgb(png);
  png_set_expand_gray_1_2_4_to_8(png);
  png_set_gray_to_rgb(png);
  png_set_strip_16(png);  // the high byte; png_set_scale_16 would round, PIL does not
  if (!keep_alpha)
    png_set_strip_alpha(png);
  else if (png_get_valid(png, info, PNG_INFO_tRNS))
    png_set_tRNS_to_alpha(png);
}

enum image_outcome image_read_png(const uint8_t *bytes, size_t count, bool keep_alpha,
                                  struct image_header *header, uint8_t *pixels, size_t capacity,
                                  char message[IMAGE_READER_MESSAGE_CAPACITY]) {
  struct source source = {bytes, count, message, IMAGE_DAMAGED};
  snprintf(message, IMAGE_READER_MESSAGE_CAPACITY, "out of memory");
  png_structp png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &source, fail, ignore_warning,
                                             &source, allocate, release);
  if (!png) return IMAGE_OUT_OF_MEMORY;
  png_infop info = png_create_info_struct(png);
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return source.outcome;
  }
  png_set_read_fn(png, &source, read_bytes);
  png_set_benign_errors(png, 1);
  // Texts, profiles and the like are passed over: nothing of them is used, and a chunk's length may
  // claim 2 GB.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_chunk_malloc_max(png, 0);
  // Size limits are the caller's, who sees the header before giving any memory.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(png, info);
  bool has_alpha = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) ||
                   png_get_valid(png, info, PNG_INFO_tRNS);
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->channels = keep_alpha && has_alpha ? 4 : 3;

  if (pixels) {
    size_t stride = (size_t)header->width * header->channels;
    if (capacity != stride * header->height) png_error(png, "the header changed between reads");
    request_8_bit_rgb(png, info, keep_alpha);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != stride) png_error(png, "unexpected row length");
    for (int pass = 0; pass < passes; pass++)
      for (uint32_t y = 0; y < header->height; y++) png_read_row(png, pixels + y * stride, NULL);
  }
  png_destroy_read_struct(&png, &info, NULL);
  return IMAGE_READ;
}
