#pragma once
#include <png.h>
#include <string.h>

/* What png.h has as macros that Swift does not see. */
static inline void hearth_png_prepare(png_image *image) {
    memset(image, 0, sizeof *image);
    image->version = PNG_IMAGE_VERSION;
}

static inline int hearth_png_failed(const png_image *image) { return PNG_IMAGE_FAILED(*image) != 0; }
