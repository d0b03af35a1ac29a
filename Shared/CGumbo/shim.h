#pragma once
#include <gumbo.h>

// The default options are a global that Swift cannot share between tasks; here they are only ever read.
static inline GumboOutput *hearth_gumbo_parse(const char *bytes, size_t length) {
    return gumbo_parse_with_options(&kGumboDefaultOptions, bytes, length);
}

static inline void hearth_gumbo_free(GumboOutput *output) {
    gumbo_destroy_output(&kGumboDefaultOptions, output);
}
