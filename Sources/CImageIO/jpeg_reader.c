#include "libraries.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
// Needs what jpeglib.h declares.
#include <jerror.h>

#include "CImageIO.h"

// A progressive file can ask for any number of passes over the image; encoders use about ten. The
// largest image may have 16, which take seconds, smaller ones more.
enum { SCAN_LIMIT = 500 };
static const uint64_t SCANNED_PIXEL_LIMIT = UINT64_C(16) << 28;

struct errors {
  struct jpeg_error_mgr base;
  jmp_buf jump;
  char *message;
};

static _Noreturn void fail(j_common_ptr jpeg, const char *text) {
  struct errors *errors = (struct errors *)jpeg->err;
  snprintf(errors->message, IMAGE_READER_MESSAGE_CAPACITY, "%s", text);
  longjmp(errors->jump, 1);
}

static void fail_with_library_text(j_common_ptr jpeg) {
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  fail(jpeg, text);
}

static void ignore_warning(j_common_ptr jpeg, int level) {}

// libjpeg's own reader of memory would make up an end of image here.
static boolean fail_at_end_of_file(j_decompress_ptr jpeg) {
  fail((j_common_ptr)jpeg, "the file ends early");
}

static void check_scan_count(j_common_ptr common) {
  const j_decompress_ptr jpeg = (j_decompress_ptr)common;
  const uint64_t scans = (uint64_t)jpeg->input_scan_number;
  const uint64_t pixels = (uint64_t)jpeg->image_width * jpeg->image_height;
  if (scans > SCAN_LIMIT || scans * pixels > SCANNED_PIXEL_LIMIT)
    fail(common, "it has too many scans");
}

enum image_outcome image_read_jpeg(const uint8_t *bytes, size_t count, struct image_header *header,
                                   uint8_t *pixels, size_t capacity,
                                   char message[IMAGE_READER_MESSAGE_CAPACITY]) {
  struct errors errors = {.message = message};
  struct jpeg_progress_mgr progress = {.progress_monitor = check_scan_count};
  struct jpeg_decompress_struct jpeg = {.err = jpeg_std_error(&errors.base)};
  errors.base.error_exit = fail_with_library_text;
  errors.base.emit_message = ignore_warning;
  if (setjmp(errors.jump)) {
    jpeg_destroy_decompress(&jpeg);
    return errors.base.msg_code == JERR_OUT_OF_MEMORY ? IMAGE_OUT_OF_MEMORY : IMAGE_DAMAGED;
  }
  jpeg_create_decompress(&jpeg);
  jpeg.progress = &progress;
  jpeg_mem_src(&jpeg, bytes, count);
  jpeg.src->fill_input_buffer = fail_at_end_of_file;
  jpeg_read_header(&jpeg, TRUE);
  header->has_ink = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
  jpeg.out_color_space = header->has_ink ? JCS_CMYK : JCS_RGB;
  header->width = jpeg.image_width;
  header->height = jpeg.image_height;
  header->channels = header->has_ink ? 4 : 3;

  if (pixels) {
    const size_t stride = (size_t)header->width * header->channels;
    if (capacity != stride * header->height)
      fail((j_common_ptr)&jpeg, "the header changed between reads");
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW row = pixels + jpeg.output_scanline * stride;
      jpeg_read_scanlines(&jpeg, &row, 1);
    }
    // No jpeg_finish_decompress: a file that ends behind its last row is whole, as it is for PIL.
  }
  jpeg_destroy_decompress(&jpeg);
  return IMAGE_READ;
}
