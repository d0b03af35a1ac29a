#pragma once
#include <curl/curl.h>

/* curl_easy_setopt and curl_easy_getinfo are variadic, and Swift imports no variadic C function. */

static inline CURLcode hearth_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode hearth_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode hearth_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode hearth_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*hearth_curl_reader)(char *buffer, size_t size, size_t count, void *context);

static inline CURLcode hearth_curl_set_reader(CURL *handle, hearth_curl_reader reader) {
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, reader);
}

typedef int (*hearth_curl_observer)(CURL *handle, curl_infotype type, char *data, size_t size, void *context);

static inline CURLcode hearth_curl_set_observer(CURL *handle, hearth_curl_observer observer) {
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, observer);
}
