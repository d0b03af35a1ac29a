#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// libphonenumber behind plain C: values of fixed size, no exceptions, nothing to free.

enum { HEARTH_PHONE_TEXT = 32 };

enum hearth_phone_kind {
    HEARTH_PHONE_UNKNOWN = 0,
    HEARTH_PHONE_FIXED_LINE = 1,
    HEARTH_PHONE_MOBILE = 2,
    HEARTH_PHONE_FIXED_OR_MOBILE = 3,
    HEARTH_PHONE_SERVICE = 4,
};

struct hearth_phone {
    char e164[HEARTH_PHONE_TEXT];
    char national[2 * HEARTH_PHONE_TEXT];
    // ISO 3166-1 alpha-2; empty for a number of no country.
    char region[4];
    enum hearth_phone_kind kind;
    // Whether its plan of numbers knows it; otherwise only its length is right.
    bool is_valid;
};

// A number found in a text, and where: bytes of the UTF-8.
struct hearth_phone_match {
    struct hearth_phone phone;
    size_t start;
    size_t length;
};

// False when the text is no number at all. `region` is where a number without a country's code is dialled.
bool hearth_phone_parse(const char *text, const char *region, struct hearth_phone *phone);

// Writes at most `most` numbers that a text mentions, and tells how many. Looks at no more than `tries` places.
size_t hearth_phone_find(const char *text, const char *region, int tries, struct hearth_phone_match *matches, size_t most);

#ifdef __cplusplus
}
#endif
